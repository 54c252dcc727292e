import { z } from 'zod'
import { costs } from './cost-rules.ts'
import { income, portfolio } from './portfolio-rules.ts'
import { amount, fraction } from './rule-values.ts'
import { signals } from './signal-rules.ts'
import { factors, universe } from './universe-rules.ts'

const alerts = z.strictObject({
  /** Of the last 30 sessions; critical. */
  maximumDrawdown: fraction.default(0.05),
  maximumNameWeight: fraction.default(0.07),
  /** Historical, one day, 95 %, over the value; critical. */
  maximumValueAtRisk: fraction.default(0.03),
  maximumUnrealisedLoss: fraction.default(0.1),
  /** One-way distance of the weights from their targets. */
  maximumDrift: fraction.default(0.3),
  maximumTrackingError: z.number().min(0).default(0.1),
  /** How many sessions old a price may be. */
  maximumPriceAgeSessions: z.number().int().min(0).default(3),
})

/**
 * The fund's rules, from `mandate.yaml`. Every rule has a default, so a file says only what differs; `base` chooses the defaults. Weights
 * are fractions of the fund's value, cash included. A rule that contradicts another is refused.
 */
export const mandateSchema = z
  .strictObject({
    name: z.string().min(1).default('default'),
    baseCurrency: z.literal('USD', 'one base currency is served so far: USD').default('USD'),
    /** Deposited with the first orders, unless somebody has paid in before. */
    capital: amount.default('1000000'),
    universe: universe.prefault({}),
    factors: factors.prefault({}),
    signals: signals.prefault({}),
    portfolio: portfolio.prefault({}),
    costs: costs.prefault({}),
    income: income.prefault({}),
    alerts: alerts.prefault({}),
  })
  .superRefine((mandate, context) => {
    const { listings, exclusions, observation } = mandate.universe
    const known = new Set(listings.map(({ symbol }) => symbol))
    const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
    if (known.size < listings.length) refuse(['universe', 'listings'], 'names a symbol twice')
    for (const [i, { symbol, currency, exchange }] of listings.entries()) {
      if (currency !== mandate.baseCurrency) {
        refuse(['universe', 'listings', i], `${symbol} trades in ${currency}, expected ${mandate.baseCurrency}`)
      }
      if (!EXCHANGES.has(exchange)) {
        refuse(['universe', 'listings', i], `${symbol} trades on ${exchange}, expected ${[...EXCHANGES].join(', ')}`)
      }
    }
    for (const [list, entries] of Object.entries({ exclusions, observation })) {
      for (const [i, { symbol }] of entries.entries()) {
        if (!known.has(symbol)) refuse(['universe', list, i], `${symbol} is not among the listings`)
      }
    }
    const { strongBuy, buy, hold, sell } = mandate.signals.bands
    if (!(strongBuy > buy && buy > hold && hold > sell)) {
      refuse(['signals', 'bands'], `${strongBuy}, ${buy}, ${hold}, ${sell}: expected each band below the one before`)
    }
    const [short, long] = mandate.signals.technical.trendSessions
    if (short >= long)
      refuse(['signals', 'technical', 'trendSessions'], `${short}, ${long}: expected the shorter first`)
  })

/** Exchanges whose sessions are those of the New York Stock Exchange, and coins that trade every day. */
const EXCHANGES = new Set(['XNYS', 'XNAS', 'ARCX', 'BATS', '24/7'])

export type Mandate = z.output<typeof mandateSchema>
export type MandateInput = z.input<typeof mandateSchema>
