import { z } from 'zod'
import type { CostModel } from '../costs/cost-model.ts'
import { session } from '../market/session.ts'

const regulatoryFee = z.strictObject({
  name: z.string().min(1),
  from: z.iso.date().transform((text) => session(text)),
  /** Dollars for each million of value sold. */
  perMillion: z.number().min(0).optional(),
  perShare: z.number().min(0).optional(),
  /** The most of `perShare` an order pays. */
  mostPerOrder: z.number().min(0).optional(),
})

/** What trading costs. */
export const costs = z
  .strictObject({
    commission: z.enum(['none', 'per-share', 'ibkr-fixed', 'ibkr-tiered', 'alpaca']).default('ibkr-fixed'),
    /** Where the spread comes from, or one full spread in bps for every name. */
    spread: z.union([z.enum(['none', 'quote', 'corwin-schultz', 'bucket']), z.number().min(0)]).default('bucket'),
    impact: z.enum(['none', 'linear', 'square-root', 'almgren']).default('square-root'),
    /** Y of the square-root law. */
    y: z.number().min(0).default(1),
    /** What regulators take of sales, each rate from its date on; none are built in, because they change once or twice a year. */
    regulatoryFees: z.array(regulatoryFee).default([]),
  })
  .transform(
    ({ impact, y, ...rest }): CostModel => (impact === 'square-root' ? { ...rest, impact, y } : { ...rest, impact }),
  )
