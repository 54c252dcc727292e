import { z } from 'zod'
import { isSession, type Session } from '../../domain/market/session.ts'
import { MODEL_VERSION } from '../../domain/simulation/market.ts'
import type { PayloadRecorder, Provenance } from '../../ports/data-provider.ts'
import { PermanentError } from '../../ports/errors.ts'
import { sha256Hex } from '../objects/sha256.ts'

/** Which market a reply was made from. */
export interface MarketChoice {
  readonly seed: number
  readonly badTicks: boolean
  /** The last date the market has; later ones have not happened yet. */
  readonly end: Session
}

const Recipe = z.object({
  provider: z.literal('simulated'),
  model: z.number(),
  seed: z.int(),
  badTicks: z.boolean(),
  end: z.custom<Session>((value) => typeof value === 'string' && isSession(value), 'is not a date'),
  symbol: z.string(),
  request: z.string(),
})

/**
 * The simulated market's reply to a request is not its numbers but what makes them: model version, seed and the request itself, kept by
 * the recorder like any provider's. A second attempt reads the recipe of the first and so sees the same market, whatever the
 * configuration says by then; its hash is the provenance.
 * @throws PermanentError when the recipe was recorded by another version of the model.
 */
export async function recordRecipe(
  choice: MarketChoice,
  symbol: string,
  request: string,
  recorder: PayloadRecorder,
): Promise<{ readonly choice: MarketChoice; readonly provenance: Provenance }> {
  const { seed, badTicks, end } = choice
  const recipe = { provider: 'simulated', model: MODEL_VERSION, seed, badTicks, end, symbol, request }
  const bytes = await recorder.payload(symbol, request, async () => Buffer.from(`${JSON.stringify(recipe)}\n`))
  const recorded = readRecipe(bytes, `${symbol} ${request}`)
  if (recorded.model !== MODEL_VERSION) {
    throw new PermanentError(
      `The recorded payload of ${symbol} ${request} was simulated by model version ${recorded.model}, expected ${MODEL_VERSION}`,
    )
  }
  return { choice: recorded, provenance: { symbol, request, sha256: sha256Hex(bytes) } }
}

function readRecipe(bytes: Uint8Array, subject: string): z.infer<typeof Recipe> {
  let found: unknown
  try {
    found = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch (cause) {
    throw new PermanentError(`The recorded payload of ${subject} is not JSON, expected a simulation's recipe`, {
      cause,
    })
  }
  const checked = Recipe.safeParse(found)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  throw new PermanentError(
    `The recorded payload of ${subject} is no simulation's recipe: "${issue.path.join('.')}" ${issue.message}`,
  )
}
