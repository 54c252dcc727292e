import { z } from 'zod'
import { PermanentError } from '../../ports/errors.ts'
import type { ObjectStore } from '../../ports/object-store.ts'
import type { WindowQualities } from '../../ports/window-qualities.ts'

const judgements = z.array(
  z.object({
    symbol: z.string(),
    verdict: z.enum(['PASS', 'WARN', 'FAIL']),
    expected: z.number(),
    good: z.number(),
    quarantined: z.number(),
    warnings: z.number(),
    absent: z.boolean(),
    lastAt: z.number().optional(),
    reason: z.string().optional(),
  }),
)

/** Window judgements as JSON objects. */
export function objectWindowQualities(objects: ObjectStore): WindowQualities {
  return {
    async write(key, content) {
      await objects.put(key, Buffer.from(JSON.stringify(content)))
    },
    async read(key) {
      const object = await objects.get(key)
      if (!object) throw new PermanentError(`The window's judgement ${key} is gone`)
      const parsed = judgements.safeParse(JSON.parse(Buffer.from(object.body).toString('utf8')))
      if (!parsed.success) throw new PermanentError(`${key} is not a window's judgement: ${parsed.error.message}`)
      return parsed.data
    },
  }
}
