import { z } from 'zod'
import { RefusedByYahoo } from './yahoo-client.ts'

const Column = z.array(z.number().nullable())

const TradingPeriod = z.looseObject({ start: z.number(), end: z.number() })

const Chart = z.looseObject({
  chart: z.looseObject({
    result: z
      .array(
        z.looseObject({
          meta: z.looseObject({
            symbol: z.string().optional(),
            currency: z.string().nullish(),
            exchangeTimezoneName: z.string().optional(),
            gmtoffset: z.number().optional(),
            regularMarketTime: z.number().optional(),
            currentTradingPeriod: z.looseObject({ regular: TradingPeriod.optional() }).optional(),
          }),
          timestamp: z.array(z.number()).optional(),
          events: z
            .looseObject({
              dividends: z.record(z.string(), z.looseObject({ amount: z.number(), date: z.number() })).optional(),
              splits: z
                .record(z.string(), z.looseObject({ date: z.number(), numerator: z.number(), denominator: z.number() }))
                .optional(),
            })
            .optional(),
          indicators: z.looseObject({
            quote: z.array(
              z.looseObject({
                open: Column.optional(),
                high: Column.optional(),
                low: Column.optional(),
                close: Column.optional(),
                volume: Column.optional(),
              }),
            ),
          }),
        }),
      )
      .min(1),
  }),
})

/** Yahoo's chart in columns. Times are UTC ms; prices and cash are restated for every split up to the fetch. */
export interface YahooChart {
  readonly symbol: string | undefined
  readonly currency: string | undefined
  readonly exchangeZone: string
  /** When the last trade was, as of the fetch. */
  readonly lastTradeAt: number | undefined
  /** The exchange's regular hours of the day of the fetch, or of the next session. */
  readonly tradingPeriod: { readonly start: number; readonly end: number } | undefined
  readonly at: Float64Array
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
  readonly dividends: readonly { readonly at: number; readonly cash: number }[]
  readonly splits: readonly { readonly at: number; readonly ratio: number }[]
}

/**
 * Reads a chart's body, loosely: only what is used must be there.
 * @throws RefusedByYahoo naming what is not as expected.
 */
export function readChart(json: unknown): YahooChart {
  const checked = Chart.safeParse(json)
  if (!checked.success) {
    const [issue] = checked.error.issues
    throw new RefusedByYahoo(`Yahoo's chart is not as expected at ${issue.path.join('.')}: ${issue.message}`)
  }
  const [{ meta, timestamp = [], events, indicators }] = checked.data.chart.result
  const quote = indicators.quote[0] ?? {}
  const column = (name: 'open' | 'high' | 'low' | 'close' | 'volume') => {
    const values = quote[name] ?? []
    if (values.length !== timestamp.length) {
      throw new RefusedByYahoo(`Yahoo's chart has ${timestamp.length} times but ${values.length} values of ${name}`)
    }
    return Float64Array.from(values, (value) => value ?? Number.NaN)
  }
  const period = meta.currentTradingPeriod?.regular
  const splits = Object.values(events?.splits ?? {}).map(({ date, numerator, denominator }) => {
    const ratio = numerator / denominator
    if (!(ratio > 0 && Number.isFinite(ratio))) {
      throw new RefusedByYahoo(`Yahoo's chart has a split of ${numerator}:${denominator}`)
    }
    return { at: date * 1000, ratio }
  })
  return {
    symbol: meta.symbol,
    currency: meta.currency ?? undefined,
    exchangeZone: zoneOf(meta.exchangeTimezoneName, meta.gmtoffset),
    lastTradeAt: meta.regularMarketTime === undefined ? undefined : meta.regularMarketTime * 1000,
    tradingPeriod: period && { start: period.start * 1000, end: period.end * 1000 },
    at: Float64Array.from(timestamp, (seconds) => seconds * 1000),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
    dividends: Object.values(events?.dividends ?? {}).map(({ date, amount }) => ({ at: date * 1000, cash: amount })),
    splits,
  }
}

/** The exchange's zone by name, which knows daylight saving; its offset of today only when there is no name. */
function zoneOf(name: string | undefined, offsetSeconds: number | undefined): string {
  if (name !== undefined) {
    try {
      new Intl.DateTimeFormat('en-US', { timeZone: name })
      return name
    } catch {
      // A zone this machine does not know.
    }
  }
  if (offsetSeconds === undefined) throw new RefusedByYahoo(`Yahoo's chart does not say its exchange's time zone`)
  const hours = Math.trunc(Math.abs(offsetSeconds) / 3600)
  const minutes = Math.trunc((Math.abs(offsetSeconds) % 3600) / 60)
  const twoDigits = (value: number) => String(value).padStart(2, '0')
  return `${offsetSeconds < 0 ? '-' : '+'}${twoDigits(hours)}:${twoDigits(minutes)}`
}
