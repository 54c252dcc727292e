import { z } from 'zod'

/** Where market data comes from, with what the provider needs to know. Travels in run parameters and events. */
export const providerSpec = z.strictObject({
  name: z.enum(['simulated', 'file', 'yahoo']),
  /** `simulated`: which market. */
  seed: z.number().int().nonnegative().optional(),
  /** `file`: a CSV, CSV.gz or Parquet file, or a folder of them. */
  data: z.string().optional(),
  basis: z.enum(['raw', 'split-adjusted', 'adjusted']).optional(),
  /** `file`: the name its bars are stored under, instead of "file". */
  source: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]*$/, 'expected lower-case letters, digits, "-" and "_"')
    .optional(),
  actions: z.string().optional(),
  actionsSource: z.string().optional(),
  dividends: z.enum(['raw', 'split-adjusted']).optional(),
})

export type ProviderSpec = z.infer<typeof providerSpec>
