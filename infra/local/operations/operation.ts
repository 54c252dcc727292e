import type { z } from 'zod'
import type { House } from '../house.ts'

/** Something the command line asks the owner of the state folder to do: JSON in, JSON out, harmless to ask twice. */
export interface Operation<Schema extends z.ZodType = z.ZodType, Output = unknown> {
  readonly input: Schema
  run(input: z.output<Schema>, house: House): Promise<Output>
}

export function operation<Schema extends z.ZodType, Output>(
  input: Schema,
  run: (input: z.output<Schema>, house: House) => Promise<Output>,
): Operation<Schema, Output> {
  return { input, run }
}
