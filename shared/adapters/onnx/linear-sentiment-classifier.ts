import { createHash } from 'node:crypto'
import {
  DENSE_FEATURES,
  FEATURE_RECIPE,
  type SentimentFeatures,
  sentimentFeatures,
} from '../../domain/sentiment/features.ts'
import type { SentimentProbabilities } from '../../domain/sentiment/sentiment.ts'
import { InputError } from '../../ports/errors.ts'
import type { SentimentClassifier } from '../../ports/sentiment-classifier.ts'
import { readLinearSentiment } from './linear-sentiment-file.ts'

/** Texts that go through the model together: enough to be fast, few enough that their padding stays in the cache. */
const BATCH = 64

/** What the model answers to texts: probabilities, and the logits they come from. */
export interface LinearSentimentAnswers {
  readonly probabilities: Float32Array
  readonly logits: Float32Array
}

/** The embedded classifier, `onnx-linear`, with its raw answers for tests. */
export interface LinearSentimentClassifier extends SentimentClassifier {
  /** Of one batch of features. */
  run(features: readonly SentimentFeatures[]): Promise<LinearSentimentAnswers>
}

/**
 * Opens a linear sentiment model on onnxruntime, one thread, in order, so that it leaves the machine's other cores alone.
 * @param bytes the file's content; `file` its name for messages.
 * @throws InputError when it is no such model, or was trained on features of another recipe than this program computes.
 */
export async function onnxLinearClassifier(bytes: Uint8Array, file: string): Promise<LinearSentimentClassifier> {
  const { model, identity } = readLinearSentiment(bytes, file)
  if (model.recipe !== FEATURE_RECIPE) {
    throw new InputError(`${file} was trained on features "${model.recipe}", this program computes "${FEATURE_RECIPE}"`)
  }
  // Loading the runtime costs a tenth of a second: only who classifies pays it.
  const { InferenceSession, Tensor } = await import('onnxruntime-node')
  const session = await InferenceSession.create(bytes, {
    executionMode: 'sequential',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  })

  const run = async (features: readonly SentimentFeatures[]): Promise<LinearSentimentAnswers> => {
    const { ids, weights, dense, longest } = padded(features)
    const texts = features.length
    const { logits, probabilities } = await session.run({
      ids: new Tensor('int32', ids, [texts, longest]),
      weights: new Tensor('float32', weights, [texts, longest]),
      dense: new Tensor('float32', dense, [texts, DENSE_FEATURES.length]),
    })
    return { logits: floats(logits.data), probabilities: floats(probabilities.data) }
  }

  return {
    provenance: {
      backend: 'onnx-linear',
      model: `${identity.name} ${identity.version}`,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      calibrated: true,
    },
    run,
    async classify(texts, signal) {
      const answers: SentimentProbabilities[] = []
      for (let from = 0; from < texts.length; from += BATCH) {
        signal?.throwIfAborted()
        const features = texts.slice(from, from + BATCH).map(sentimentFeatures)
        const { probabilities } = await run(features)
        for (let row = 0; row < features.length; row++) {
          const [negative, neutral, positive] = probabilities.subarray(3 * row, 3 * row + 3)
          answers.push({ negative, neutral, positive })
        }
      }
      return answers
    },
  }
}

function padded(features: readonly SentimentFeatures[]) {
  const longest = features.reduce((most, { ids }) => Math.max(most, ids.length), 1)
  const ids = new Int32Array(features.length * longest)
  const weights = new Float32Array(features.length * longest)
  const dense = new Float32Array(features.length * DENSE_FEATURES.length)
  features.forEach((text, row) => {
    ids.set(text.ids, row * longest)
    weights.set(text.weights, row * longest)
    dense.set(text.dense, row * DENSE_FEATURES.length)
  })
  return { ids, weights, dense, longest }
}

function floats(data: unknown): Float32Array {
  if (data instanceof Float32Array) return data
  throw new RangeError('The model answers no floats')
}
