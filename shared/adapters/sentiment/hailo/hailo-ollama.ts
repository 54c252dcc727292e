import type { SentimentLabel, SentimentProbabilities } from '../../../domain/sentiment/sentiment.ts'
import { InputError } from '../../../ports/errors.ts'
import type { SentimentClassifier } from '../../../ports/sentiment-classifier.ts'
import { sha256Hex } from '../../objects/sha256.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import { ANSWER_SETTINGS, type HailoClientOptions, hailoClient } from './hailo-client.ts'
import { labelOf, question } from './question.ts'

export type HailoOptions = HailoClientOptions

/** One batch may wait while another is read; the server itself has room for one. */
const WAITING = 1

/**
 * A language model on a Hailo-10H, asked for one word a headline, one after another (about half a second each by Hailo's own figures).
 * Its answers are certain or nothing: the label said has probability one, so they are not calibrated. An answer that is no label fails
 * the batch. A blank text is neutral and not asked about.
 *
 * The server does not tell the hash of its model's file, so there is none, and a release of Hailo's may hold other weights under the same
 * tag. The name of the model ends with what tells one wording of the question from another.
 * @throws InputError when the address is none; UnavailableError (from `classify`) when the server is away or busy.
 */
export function hailoOllama(options: HailoOptions): SentimentClassifier {
  if (!URL.canParse(options.url) || !/^https?:$/.test(new URL(options.url).protocol)) {
    throw new InputError(`The address of hailo-ollama is ${JSON.stringify(options.url)}, expected http://HOST:8000`)
  }
  const client = hailoClient(options)
  const next = oneAtATime(WAITING)
  const asked = sha256Hex(Buffer.from(JSON.stringify([question('…'), ANSWER_SETTINGS]))).slice(0, 8)

  return {
    provenance: {
      backend: 'hailo-ollama',
      model: `${options.model} (question ${asked})`,
      sha256: '',
      calibrated: false,
    },
    classify: (texts, signal) =>
      next(async () => {
        const found: SentimentProbabilities[] = []
        for (const text of texts) {
          signal?.throwIfAborted()
          const label = text.trim() === '' ? 'neutral' : labelOf(await client.chat(question(text), signal))
          found.push(certain(label))
        }
        return found
      }),
  }
}

function certain(label: SentimentLabel): SentimentProbabilities {
  return { negative: 0, neutral: 0, positive: 0, [label]: 1 }
}
