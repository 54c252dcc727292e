import type { Answer, Outcome } from '../../shared/runtime/answer.ts'
import { type Call, type Reply, serveStep, toReply } from '../../shared/runtime/serve.ts'
import type { OpenFunction } from './open-function.ts'

/** An answer's place among others: the worst speaks for all. */
const WORST_FIRST: readonly Outcome[] = ['failed', 'poison', 'unavailable', 'busy']

const BARE_TICK: Call = { method: 'POST', path: '/', query: '', headers: {}, body: new Uint8Array() }

/**
 * Opens whatever is due of every clock step. Each stands alone: one that fails does not stop the others, and a tick that comes again
 * opens nothing twice. The answer lists what became of each.
 */
export async function tickClocks({ serve }: OpenFunction): Promise<Reply> {
  const ticked = await Promise.all(
    serve.registry.clocks.map(async (step) => {
      const { body } = await serveStep(serve, step, BARE_TICK)
      return { step: step.name, ...(JSON.parse(String(body)) as Answer) }
    }),
  )
  const outcome = WORST_FIRST.find((one) => ticked.some((each) => each.outcome === one)) ?? 'done'
  const reply = toReply({ outcome })
  return { ...reply, body: `${JSON.stringify({ outcome, clocks: ticked })}\n` }
}
