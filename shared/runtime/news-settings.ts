import { z } from 'zod'

const feed = z.preprocess(
  (said) => (typeof said === 'string' ? { url: said } : said),
  z.strictObject({ url: z.string().min(1), symbol: z.string().min(1).optional() }),
)

const named = z.discriminatedUnion('name', [
  /** The headlines of the provider that the bars come from. */
  z.strictObject({ name: z.literal('provider') }),
  /** Feeds by company, `{symbol}` in the address, or of one company; Yahoo's when none is named. */
  z.strictObject({ name: z.literal('rss'), feeds: z.array(feed).min(1).optional() }),
  z.strictObject({ name: z.literal('file'), data: z.string().min(1), timezone: z.string().min(1).optional() }),
  z.strictObject({ name: z.literal('finnhub') }),
  z.strictObject({ name: z.literal('marketaux'), limit: z.number().int().min(1).max(100).optional() }),
])

export type NewsSourceSpec = z.output<typeof named>

/** `news` of the settings file: where headlines come from. A bare name is a source that needs to know nothing else. */
export const newsSettings = z
  .array(z.preprocess((said) => (typeof said === 'string' ? { name: said } : said), named))
  .default([{ name: 'provider' }])
  .refine((sources) => new Set(sources.map(({ name }) => name)).size === sources.length, 'names a source twice')

/** The names under which the sources' headlines are stored; `provider` is that of the bars. */
export function newsSourceNames(sources: readonly NewsSourceSpec[], provider: string): string[] {
  return sources.map(({ name }) => (name === 'provider' ? provider : name === 'file' ? 'file-news' : name))
}
