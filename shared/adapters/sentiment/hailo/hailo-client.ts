import { z } from 'zod'
import { PermanentError, UnavailableError } from '../../../ports/errors.ts'
import { exchange } from './exchange.ts'
import type { ChatMessage } from './question.ts'

export interface HailoClientOptions {
  /** `http://hailo-ollama:8000` */
  readonly url: string
  readonly model: string
  /** How long the server keeps the model loaded after a request; less than 0 for ever. Default 300, its own. */
  readonly keepAliveSeconds?: number
  /** Until the connection stands. Default 2,000. */
  readonly connectMs?: number
  /** Of a request. Default 20,000. */
  readonly timeoutMs?: number
  /** Of a request that may find the model not loaded, which takes 7 to 13 s. Default 40,000. */
  readonly coldTimeoutMs?: number
  readonly now?: () => number
}

export interface HailoClient {
  /** The words of the model's answer. */
  chat(messages: readonly ChatMessage[], signal?: AbortSignal): Promise<string>
}

/**
 * The likeliest word, always: no temperature. The tokens are enough for the longest label; without a limit a server that misses the end of
 * an answer never stops.
 */
export const ANSWER_SETTINGS = { temperature: 0, seed: 1, num_predict: 4 } as const

const replySchema = z.looseObject({
  error: z.string().optional(),
  message: z.looseObject({ content: z.string() }).optional(),
})
const tagsSchema = z.looseObject({ models: z.array(z.looseObject({ name: z.string() })) })
const listSchema = z.looseObject({ models: z.array(z.string()) })

/**
 * Speaks with hailo-ollama (`hailo-ai/hailo_model_zoo_genai@2af6c43f`), which is nearly Ollama: an unknown model is answered with status
 * 200 and an `error`, replies are streamed unless told otherwise, `keep_alive` is a whole number of seconds, and there is neither a JSON
 * mode nor a probability. Before the first question it is asked whether it has the model. A request is tried once more when it failed.
 * @throws UnavailableError when it does not answer; PermanentError when it does not have the model.
 */
export function hailoClient(options: HailoClientOptions): HailoClient {
  const { model, keepAliveSeconds = 300, connectMs = 2000, timeoutMs = 20_000, coldTimeoutMs = 40_000 } = options
  const { now = Date.now } = options
  if (!Number.isInteger(keepAliveSeconds))
    throw new RangeError(`keep_alive of ${keepAliveSeconds}, expected whole seconds`)
  let checked = false
  let answeredAt = Number.NEGATIVE_INFINITY

  const ask = async (path: string, body: unknown, patienceMs: number, signal?: AbortSignal): Promise<string> => {
    const url = new URL(path, options.url)
    const { status, text } = await exchange(url, { body, connectMs, timeoutMs: patienceMs, signal })
    if (status >= 500) throw new UnavailableError(`${url.host} answered ${status}: ${excerpt(text)}`)
    return text
  }

  /** A tag that the next release renames shall be named at once, with those that there are. */
  const checkModel = async (signal?: AbortSignal) => {
    const tags = parsed(await ask('/api/tags', undefined, timeoutMs, signal), tagsSchema)
    const present = tags.models.map(({ name }) => name)
    if (present.includes(model)) return
    const { models } = parsed(await ask('/hailo/v1/list', undefined, timeoutMs, signal), listSchema)
    const there = present.length === 0 ? 'none' : present.join(', ')
    const how = models.includes(model)
      ? 'it can be had with POST /api/pull'
      : `and it knows of no such model, only of ${models.join(', ') || 'none'}`
    throw new PermanentError(`hailo-ollama has the models ${there}, expected "${model}"; ${how}`)
  }

  const chatOnce = async (messages: readonly ChatMessage[], signal?: AbortSignal): Promise<string> => {
    if (!checked) await checkModel(signal)
    checked = true
    const idleMs = now() - answeredAt
    const warm = keepAliveSeconds < 0 ? idleMs < Infinity : idleMs < keepAliveSeconds * 1000
    const body = {
      ...{ model, stream: false, keep_alive: keepAliveSeconds, messages },
      options: ANSWER_SETTINGS,
    }
    const text = await ask('/api/chat', body, warm ? timeoutMs : coldTimeoutMs, signal)
    const replies = text
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '')
      .map((line) => parsed(line, replySchema))
    const error = replies.find((reply) => reply.error !== undefined)?.error
    if (error !== undefined) {
      checked = false
      throw new PermanentError(`hailo-ollama says: ${error.slice(0, 200)}`)
    }
    const words = replies.flatMap(({ message }) => message?.content ?? [])
    if (words.length === 0) throw new UnavailableError(`hailo-ollama answered ${excerpt(text)}, expected a message`)
    answeredAt = now()
    return words.join('')
  }

  return {
    async chat(messages, signal) {
      try {
        return await chatOnce(messages, signal)
      } catch (error) {
        if (signal?.aborted || !(error instanceof UnavailableError)) throw error
        return chatOnce(messages, signal)
      }
    },
  }
}

function parsed<Schema extends z.ZodType>(text: string, schema: Schema): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new UnavailableError(`hailo-ollama answered ${excerpt(text)}, expected JSON of its API`, { cause })
  }
}

function excerpt(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim()
  return plain === '' ? 'nothing' : JSON.stringify(plain.length > 80 ? `${plain.slice(0, 80)}…` : plain)
}
