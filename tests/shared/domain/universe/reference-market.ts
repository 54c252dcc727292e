import { readFileSync } from 'node:fs'
import { type Mandate, mandateSchema } from '../../../../shared/domain/mandate/mandate.ts'
import type { BarSeries } from '../../../../shared/domain/market/bar.ts'
import { session, sessionToMs } from '../../../../shared/domain/market/session.ts'
import type { DatedRatios } from '../../../../shared/domain/signals/fundamental/fundamental-score.ts'

interface ReferenceStock {
  readonly symbol: string
  readonly measures: Readonly<Record<'volatility' | 'rsi' | 'sharpe', number>> & {
    readonly momentum: Readonly<Record<string, number | null>>
  }
  readonly values: Readonly<Record<string, number | null>>
  readonly zScores: Readonly<Record<string, number | null>>
  readonly score: number
  readonly rank: number
  readonly quintile: number
}

interface ReferenceSignal {
  readonly symbol: string
  readonly technical: { readonly score: number; readonly states: Readonly<Record<string, string>> }
  readonly fundamental: { readonly score: number; readonly coverage: number } | null
  readonly score: number
  readonly band: string
  readonly zScore: number
  readonly dailyVolatility: number
}

type RatiosRow = readonly [asOf: string, ...(number | null)[]]

/** The content of tests/reference/ranking.json. */
export const reference: {
  readonly asOf: string
  readonly sessions: readonly string[]
  readonly market: Readonly<
    Record<string, { close: readonly (number | null)[]; volume: readonly (number | null)[]; spoilt: readonly number[] }>
  >
  readonly fundamentals: Readonly<Record<string, RatiosRow>>
  readonly members: Readonly<Record<string, { status: string; measures?: Readonly<Record<string, number>> }>>
  readonly ranking: readonly ReferenceStock[]
  readonly signals: readonly ReferenceSignal[]
} = JSON.parse(readFileSync(new URL('../../../reference/ranking.json', import.meta.url), 'utf8'))

export const AS_OF = session(reference.asOf)
export const SYMBOLS = Object.keys(reference.market)

/** The mandate that the reference was computed by: every default, some names of its own. */
export const MANDATE: Mandate = mandateSchema.parse({
  universe: {
    listings: SYMBOLS.map((symbol) => ({ symbol, sector: 'Energy' })),
    exclusions: [{ symbol: 'NOVE', reason: 'tobacco', date: AS_OF, evidence: 'a letter' }],
    observation: [{ symbol: 'MIKE', reason: 'bribery', date: '2024-01-02', evidence: 'a court' }],
  },
})

/** The bars of the reference; a spoilt one's high lies below its close. */
export const BARS: ReadonlyMap<string, BarSeries> = new Map(
  SYMBOLS.map((symbol) => {
    const { close, volume, spoilt } = reference.market[symbol]
    const rows = [...close.keys()].filter((row) => close[row] !== null)
    const column = (value: (row: number) => number) => Float64Array.from(rows, value)
    const price = column((row) => close[row]! / 100)
    return [
      symbol,
      {
        symbol,
        basis: 'adjusted',
        at: column((row) => sessionToMs(session(reference.sessions[row]))),
        open: price,
        high: column((row) => (close[row]! / 100) * (spoilt.includes(row) ? 0.99 : 1.01)),
        low: price.map((value) => value * 0.98),
        close: price,
        volume: column((row) => volume[row]!),
      },
    ]
  }),
)

export const RATIOS: ReadonlyMap<string, DatedRatios> = new Map(
  Object.entries(reference.fundamentals).map(([symbol, [asOf, ...numbers]]) => {
    const [trailingPe, dividendYield, returnOnEquity, debtToEquity, currentRatio] = numbers.map(
      (one) => one ?? undefined,
    )
    return [symbol, { asOf: session(asOf), trailingPe, dividendYield, returnOnEquity, debtToEquity, currentRatio }]
  }),
)
