import type { MandateInput } from './mandate.ts'

const SMALL_UNIVERSE: Readonly<Record<string, readonly [name: string, sector: string]>> = {
  AAPL: ['Apple', 'Information Technology'],
  AMZN: ['Amazon', 'Consumer Discretionary'],
  GOOGL: ['Alphabet', 'Communication Services'],
  JNJ: ['Johnson & Johnson', 'Health Care'],
  JPM: ['JPMorgan Chase', 'Financials'],
  META: ['Meta Platforms', 'Communication Services'],
  MSFT: ['Microsoft', 'Information Technology'],
  NVDA: ['Nvidia', 'Information Technology'],
  TSLA: ['Tesla', 'Consumer Discretionary'],
  V: ['Visa', 'Financials'],
}

/** Under twenty names the default caps could not be filled: larger ones, and every quintile may be bought. */
const SMALL: MandateInput = {
  name: 'small',
  universe: {
    listings: Object.entries(SMALL_UNIVERSE).map(([symbol, [name, sector]]) => ({ symbol, name, sector })),
  },
  portfolio: { nameCap: 0.15, sectorCap: 0.5, buyQuintiles: [1, 2, 3, 4, 5] },
  alerts: { maximumNameWeight: 0.2, maximumDrawdown: 0.1 },
}

/** The mandates that come with the house: what a file differs from. */
export const SHIPPED_MANDATES: Readonly<Record<'default' | 'small', MandateInput>> = {
  default: {},
  small: SMALL,
}
