import type { LabelledText } from '../../../shared/domain/sentiment/training/labelled-text.ts'

const POSITIVE = `Acme profit jumps 40% on strong demand
Northwind raises full-year guidance
Globex beats quarterly estimates
Initech wins contract worth $45 million
Umbrella shares surge after upgrade
Hooli reports record revenue
Stark orders rise to EUR 20 mn from EUR 15 mn
Wayne increases dividend by 10%
Wonka margins improve as costs fall
Tyrell returns to profit
Cyberdyne gains approval for new plant
Soylent sales climb for third quarter
Massive Dynamic stock hits all-time high
Vandelay upgraded to buy
Duff narrows loss in second quarter
Pied Piper expands into Europe after strong growth
Oscorp rallies on trade deal hopes
Monarch exceeds profit forecast
Aperture bullish on next year
Zorin net up 12% at Rs 90 crore`
const NEGATIVE = `Acme profit drops 40% on weak demand
Northwind cuts full-year guidance
Globex misses quarterly estimates
Initech loses contract worth $45 million
Umbrella shares plunge after downgrade
Hooli reports falling revenue
Stark orders fall to EUR 15 mn from EUR 20 mn
Wayne cuts dividend by 10%
Wonka margins shrink as costs rise
Tyrell swings to a loss
Cyberdyne sued over accounting fraud
Soylent sales decline for third quarter
Massive Dynamic stock hits 52-week low
Vandelay downgraded to sell
Duff loss widens in second quarter
Pied Piper to lay off 200 people after weak sales
Oscorp tumbles on tariff fears
Monarch issues profit warning
Aperture bearish on next year
Zorin net down 12% at Rs 80 crore`
const NEUTRAL = `Acme to hold annual meeting on 28 March
Northwind appoints new chief financial officer
Globex to report quarterly results on Thursday
Initech opens office in Berlin
Umbrella publishes presentation for investors
Hooli names board secretary
Stark order book: what to know
Wayne dividend payable on 4 April
Wonka to supply parts to Stark
Tyrell conference call transcript
Cyberdyne files annual report
Soylent to announce sales next week
Massive Dynamic: an overview
Vandelay coverage started at hold
Duff publishes agenda of its meeting
Pied Piper is based in Europe
Oscorp ends flat in quiet trade
Monarch forecast unchanged
Aperture chairman to speak at seminar
Zorin board to meet on Monday`

/** Sixty headlines of companies that do not exist, from two sources that do not either. */
export const HEADLINES: readonly LabelledText[] = (
  [
    ['positive', POSITIVE],
    ['negative', NEGATIVE],
    ['neutral', NEUTRAL],
  ] as const
).flatMap(([label, lines]) =>
  lines.split('\n').map((text, i) => ({ text, label, source: i % 2 === 0 ? 'morning post' : 'evening post' })),
)
