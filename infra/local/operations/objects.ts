import { z } from 'zod'
import { operation } from './operation.ts'

export interface ObjectLine {
  readonly key: string
  readonly bytes: number
  /** Bars in it, when it is a partition of the archive. */
  readonly rows: number | null
}

/** Objects whose key starts with a prefix, in key order. */
export const listObjects = operation(
  z.strictObject({ prefix: z.string().default(''), limit: z.number().int().min(1).max(100_000).default(1_000) }),
  async ({ prefix, limit }, house): Promise<{ objects: ObjectLine[]; more: boolean }> => {
    const { objects: store } = house.parts.ports
    const found: { key: string; bytes: number }[] = []
    let more = false
    for await (const { key, bytes } of store.list(prefix)) {
      if (found.length === limit) {
        more = true
        break
      }
      found.push({ key, bytes })
    }
    const catalogued = await house.parts.database.read<{ key: string; rows: string }>(
      'select key, rows from pipeline.objects where key = any($1)',
      [found.map(({ key }) => key)],
    )
    const rows = new Map(catalogued.map((row) => [row.key, Number(row.rows)]))
    return { objects: found.map((object) => ({ ...object, rows: rows.get(object.key) ?? null })), more }
  },
)
