import { z } from 'zod'

export const fraction = z.number().min(0).max(1)
export const positive = z.number().positive()
export const sessions = z.number().int().min(1)
/** Of an indicator: of one value there is no average. */
export const period = z.number().int().min(2)
/** An exact decimal as text: YAML numbers are taken by their shortest form. */
export const amount = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => /^\d{1,15}(\.\d{1,6})?$/.test(text), 'expected a decimal amount such as 1000000 or 99.50')
