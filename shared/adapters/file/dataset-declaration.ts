import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { PriceBasis } from '../../domain/market/bar.ts'
import { InputError } from '../../ports/errors.ts'

const BASES = ['raw', 'split-adjusted', 'adjusted'] as const satisfies readonly PriceBasis[]

const Declaration = z.strictObject({
  basis: z.enum(BASES).optional(),
  source: z.string().min(1).optional(),
  /** Of files with a `timestamp` column. */
  interval: z.enum(['1d', '1h', '5m', '1m']).optional(),
  simulated: z.boolean().optional(),
  /** Files, relative to the declaration. */
  actions: z.string().min(1).optional(),
  fundamentals: z.string().min(1).optional(),
  news: z.string().min(1).optional(),
  /** Which of the sources named in the actions file to take. */
  actions_source: z.string().min(1).optional(),
  /** Whether the dividends are cash as paid, or restated for later splits. */
  dividends: z.enum(['raw', 'split-adjusted']).optional(),
  /** Of timestamps that name no zone, e.g. America/New_York. */
  timezone: z.string().refine(isTimeZone, 'is not a time zone, expected a name such as America/New_York').optional(),
})

/** What `dataset.yaml` beside the data says about it. Paths in it are relative to it and come back resolved. */
export type DatasetDeclaration = z.infer<typeof Declaration>

/**
 * Reads `dataset.yaml` in a folder; an empty declaration when there is none.
 * @throws InputError naming the key that is unknown or has a wrong value.
 */
export async function readDeclaration(folder: string): Promise<DatasetDeclaration> {
  const file = path.join(folder, 'dataset.yaml')
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new InputError(`${file} cannot be read: ${(cause as Error).message}`, { cause })
  }
  let found: unknown
  try {
    found = parse(text) ?? {}
  } catch (cause) {
    throw new InputError(`${file} is not YAML: ${(cause as Error).message.split('\n')[0]}`, { cause })
  }
  const checked = Declaration.safeParse(found)
  if (!checked.success) {
    const [issue] = checked.error.issues
    const key = issue.path.join('.')
    throw new InputError(`${file}${key === '' ? '' : `, key "${key}"`}: ${issue.message}`)
  }
  const resolve = (name: string | undefined) => (name === undefined ? undefined : path.resolve(folder, name))
  const { actions, fundamentals, news } = checked.data
  return { ...checked.data, actions: resolve(actions), fundamentals: resolve(fundamentals), news: resolve(news) }
}

/**
 * The basis of the prices, declared in the file or by the caller and never guessed.
 * @throws InputError when neither says it, or both say different things.
 */
export function declaredBasis(
  data: string,
  declared: PriceBasis | undefined,
  asked: PriceBasis | undefined,
): PriceBasis {
  if (declared !== undefined && asked !== undefined && declared !== asked) {
    throw new InputError(`${data}: dataset.yaml declares basis ${declared}, but ${asked} was asked for`)
  }
  const basis = asked ?? declared
  if (basis !== undefined) {
    if (BASES.includes(basis)) return basis
    throw new InputError(`Basis "${basis}" is not known, expected ${BASES.join(', ')}`)
  }
  throw new InputError(
    `${data} does not say whether its prices are raw or adjusted: write "basis: raw" (or split-adjusted, adjusted) into a ` +
      'dataset.yaml beside the data, or give --basis',
  )
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false
  }
}
