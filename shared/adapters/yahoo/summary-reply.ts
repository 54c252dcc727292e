import { z } from 'zod'
import type { Session } from '../../domain/market/session.ts'
import type { Fundamentals } from '../../ports/data-provider.ts'
import { RefusedByYahoo, type SummaryModule } from './yahoo-client.ts'

export const SUMMARY_MODULES: readonly SummaryModule[] = [
  'price',
  'summaryDetail',
  'defaultKeyStatistics',
  'financialData',
]

/** A number comes bare or as `{ raw, fmt }`; `{}`, a word such as "Infinity", or nothing is missing. */
const Numeric = z.unknown().transform((found): number | undefined => {
  const value = typeof found === 'object' && found !== null && 'raw' in found ? found.raw : found
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
})
const Word = z.unknown().transform((found) => (typeof found === 'string' && found !== '' ? found : undefined))

const Summary = z.looseObject({
  quoteSummary: z.looseObject({
    result: z
      .array(
        z.looseObject({
          price: z.looseObject({ currency: Word, marketCap: Numeric }).partial().nullish(),
          summaryDetail: z
            .looseObject({ trailingPE: Numeric, forwardPE: Numeric, dividendYield: Numeric, marketCap: Numeric })
            .partial()
            .nullish(),
          defaultKeyStatistics: z
            .looseObject({ forwardPE: Numeric, priceToBook: Numeric, sharesOutstanding: Numeric })
            .partial()
            .nullish(),
          financialData: z
            .looseObject({
              returnOnEquity: Numeric,
              debtToEquity: Numeric,
              currentRatio: Numeric,
              profitMargins: Numeric,
              revenueGrowth: Numeric,
            })
            .partial()
            .nullish(),
        }),
      )
      .min(1),
  }),
})

/**
 * Reads a company's ratios. Yahoo's units differ: `debtToEquity` is in percent here (32.661 is 0.32661), all other ratios are fractions;
 * the `dividendYield` of `summaryDetail` is a fraction, while the field of that name in Yahoo's quotes is in percent and is not used.
 * @throws RefusedByYahoo when the body is another, or has no ratio at all.
 */
export function readSummary(json: unknown, symbol: string, asOf: Session): Fundamentals {
  const checked = Summary.safeParse(json)
  if (!checked.success) {
    const [issue] = checked.error.issues
    throw new RefusedByYahoo(`Yahoo's summary is not as expected at ${issue.path.join('.')}: ${issue.message}`)
  }
  const [{ price, summaryDetail, defaultKeyStatistics, financialData }] = checked.data.quoteSummary.result
  const debtPercent = financialData?.debtToEquity
  const ratios = {
    trailingPe: summaryDetail?.trailingPE,
    forwardPe: summaryDetail?.forwardPE ?? defaultKeyStatistics?.forwardPE,
    priceToBook: defaultKeyStatistics?.priceToBook,
    dividendYield: summaryDetail?.dividendYield,
    returnOnEquity: financialData?.returnOnEquity,
    debtToEquity: debtPercent === undefined ? undefined : debtPercent / 100,
    currentRatio: financialData?.currentRatio,
    profitMargin: financialData?.profitMargins,
    revenueGrowth: financialData?.revenueGrowth,
    marketCap: price?.marketCap ?? summaryDetail?.marketCap,
    sharesOutstanding: defaultKeyStatistics?.sharesOutstanding,
  }
  const known = Object.entries(ratios).filter(([, value]) => value !== undefined)
  if (known.length === 0) throw new RefusedByYahoo('Yahoo has no ratio of it')
  const currency = price?.currency
  return { symbol, asOf, ...Object.fromEntries(known), ...(currency === undefined ? {} : { currency }) }
}
