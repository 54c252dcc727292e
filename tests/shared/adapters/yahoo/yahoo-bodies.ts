/** One row of a chart; null where Yahoo has no number. */
export interface Row {
  readonly at: string // ISO
  readonly open: number | null
  readonly high: number | null
  readonly low: number | null
  readonly close: number | null
  readonly volume: number | null
}

export interface ChartParts {
  readonly symbol: string
  readonly rows: readonly Row[]
  readonly dividends?: readonly { readonly at: string; readonly amount: number }[]
  readonly splits?: readonly { readonly at: string; readonly numerator: number; readonly denominator: number }[]
  readonly meta?: Readonly<Record<string, unknown>>
}

const seconds = (iso: string) => Date.parse(iso) / 1000

/** A body as Yahoo's chart endpoint writes it: a made-up company on a real exchange. */
export function chartBody({ symbol, rows, dividends = [], splits = [], meta = {} }: ChartParts): string {
  const column = (name: Exclude<keyof Row, 'at'>) => rows.map((row) => row[name])
  const events = {
    ...(dividends.length > 0 && {
      dividends: Object.fromEntries(dividends.map(({ at, amount }) => [seconds(at), { amount, date: seconds(at) }])),
    }),
    ...(splits.length > 0 && {
      splits: Object.fromEntries(
        splits.map(({ at, numerator, denominator }) => [
          seconds(at),
          { date: seconds(at), numerator, denominator, splitRatio: `${numerator}:${denominator}` },
        ]),
      ),
    }),
  }
  const result = {
    meta: {
      currency: 'USD',
      symbol,
      exchangeName: 'NMS',
      instrumentType: 'EQUITY',
      gmtoffset: -14400,
      timezone: 'EDT',
      exchangeTimezoneName: 'America/New_York',
      dataGranularity: '1d',
      ...meta,
    },
    timestamp: rows.map(({ at }) => seconds(at)),
    ...(Object.keys(events).length > 0 && { events }),
    indicators: {
      quote: [
        {
          open: column('open'),
          high: column('high'),
          low: column('low'),
          close: column('close'),
          volume: column('volume'),
        },
      ],
      adjclose: [{ adjclose: column('close') }],
    },
  }
  return JSON.stringify({ chart: { result: [result], error: null } })
}

/** What Yahoo says about a symbol it does not know. */
export const NOT_FOUND = JSON.stringify({
  chart: { result: null, error: { code: 'Not Found', description: 'No data found, symbol may be delisted' } },
})

/** The meta of a chart fetched when the session of a date was over (16:00 New York in summer). */
export function fetchedAfter(date: string): Readonly<Record<string, unknown>> {
  return {
    regularMarketTime: seconds(`${date}T20:00:01Z`),
    currentTradingPeriod: { regular: { start: seconds(`${date}T13:30:00Z`), end: seconds(`${date}T20:00:00Z`) } },
  }
}

/** A price as Yahoo keeps it. */
export const single = Math.fround
