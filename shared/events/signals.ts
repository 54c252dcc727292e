import { z } from 'zod'
import { event } from './event.ts'

const count = z.number().int().nonnegative()
const dated = z.object({ asOf: z.iso.date(), source: z.string() })

/** Scoring begins, of the stocks that a run of the universe ranked. */
export const ScoringOpened = event('signals.scoring.opened', dated.extend({ universe: z.string() }))

const scored = dated.extend({ universe: z.string(), scored: count, absent: count })

/** A component's scores of this run are stored; `absent` is how many stocks have none. */
export const TechnicalsScored = event('signals.technicals.scored', scored)
export const FundamentalsScored = event('signals.fundamentals.scored', scored)
export const SentimentScored = event(
  'signals.sentiment.scored',
  scored.extend({
    /** How many different headlines were read. */
    headlines: count,
    /** Who read them: `onnx-linear (sentiment-linear 07c6e558)`. */
    readers: z.array(z.string()),
    /** Why another than the wanted backend read, or nobody. */
    degraded: z.string().optional(),
  }),
  { shortfall: ({ degraded }) => degraded && `sentiment: ${degraded}` },
)

/** The composite of every stock is stored: `signals.signals` under the run's name. */
export const SignalsCombined = event(
  'signals.scores.combined',
  dated.extend({
    combined: count,
    /** Ranked stocks that no component has a score of: they have no signal. */
    withoutScore: count,
    /** How many stocks are in each band. */
    bands: z.object({ strongBuy: count, buy: count, hold: count, sell: count, strongSell: count }),
    /** Components that no stock has a score of; the others' weights were divided by their sum. */
    absent: z.array(z.string()),
  }),
  { final: true, fails: ({ combined }) => (combined === 0 ? 'no stock has a score of any component' : undefined) },
)

/** A component's step was lost on the way: the composite waits for it to be replayed. */
export const SignalsRefused = event('signals.scores.refused', z.object({ reason: z.string() }), {
  final: true,
  fails: ({ reason }) => reason,
})

export const signalsParams = z.strictObject({
  date: z.iso.date().optional(),
  source: z.string().optional(),
})
