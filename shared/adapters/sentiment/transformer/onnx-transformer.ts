import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { SentimentLabel, SentimentProbabilities } from '../../../domain/sentiment/sentiment.ts'
import { InputError } from '../../../ports/errors.ts'
import type { SentimentClassifier } from '../../../ports/sentiment-classifier.ts'
import { sha256Hex } from '../../objects/sha256.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import { readModelConfig } from './model-config.ts'
import type { ModelFolder } from './model-folder.ts'
import { batchesOf, feedsOf, type ModelInputs, modelInputs } from './model-inputs.ts'
import { type EncodedText, textEncoder } from './text-encoder.ts'

/** Where exporters put the model, the smallest first. */
const MODEL_FILES = [
  ...['model_quantized.onnx', 'onnx/model_quantized.onnx', 'model_int8.onnx', 'onnx/model_int8.onnx'],
  ...['model.onnx', 'onnx/model.onnx'],
]
/** More are tokens of no headline, and memory grows with them. */
const MOST_TOKENS = 512
const MOST_BATCH = 8

export interface TransformerOptions {
  /** The model's file in the folder. Default: the first that is there, quantised before whole. */
  readonly file?: string
  /** The labels in the order of the output, for a model whose `config.json` does not name them. */
  readonly labels?: readonly SentimentLabel[]
  /** Longer texts are cut. Default 64, at most 512 and what the model can take: a headline has about 20. */
  readonly mostTokens?: number
  /** Texts at a time, at most 8, the default. */
  readonly batch?: number
  /** Larger models are refused. Default 192 MiB, which with what running takes fits into 512 MiB. */
  readonly mostModelBytes?: number
}

/**
 * A sequence classifier that somebody supplied as a Hugging Face folder with an ONNX file (FinBERT, a quantised DistilRoBERTa …). Its
 * probabilities are the softmax of its outputs, which nobody has calibrated. The hash is that of the list which
 * `sha256sum config.json tokenizer.json tokenizer_config.json MODEL` prints, of the files that are there.
 *
 * One batch runs at a time. A model with dynamically quantised activations scales them over the whole batch, so that a probability may
 * differ a little with the texts that stand beside it; the same texts in the same order give the same.
 * @throws InputError, naming file and fault, when the folder does not hold such a model.
 */
export async function onnxTransformer(
  folder: ModelFolder,
  options: TransformerOptions = {},
): Promise<SentimentClassifier> {
  const { mostModelBytes = 192 * 1024 * 1024 } = options
  const config = await readModelConfig(folder, options.labels)
  const { file, bytes } = await modelFile(folder, options.file)
  const place = `${file} in ${folder.place}`
  if (bytes > mostModelBytes) {
    throw new InputError(
      `${place} has ${megabytes(bytes)}, expected at most ${megabytes(mostModelBytes)}: supply a quantised model, or allow more`,
    )
  }

  const onnx = await import('onnxruntime-node')
  const { session, sha256 } = await folder.opened(file, async (path, hash) => ({
    session: await openSession(onnx.InferenceSession, path, place),
    sha256: hash,
  }))
  const inputs = modelInputs(session.inputMetadata, place)
  const outputName = outputOf(session, place)
  const most = Math.min(options.mostTokens ?? 64, MOST_TOKENS, config.mostTokens, inputs.fixedTokens ?? MOST_TOKENS)
  const encoder = textEncoder(config, most, folder.place)
  const rows = batchRows(inputs, options.batch ?? MOST_BATCH, place)
  const next = oneAtATime()

  const run = async (batch: readonly EncodedText[]): Promise<SentimentProbabilities[]> => {
    const feeds = feedsOf(batch, inputs, encoder.padId).map(({ name, type, values, dims }) => [
      name,
      new onnx.Tensor(type, values, dims),
    ])
    const { [outputName]: output } = await session.run(Object.fromEntries(feeds), [outputName])
    return probabilitiesOf(output, batch.length, config.labels, place)
  }
  // A fault of the model is heard when it is opened, not with the first headline.
  await run([encoder.encode('profit')])

  const hashes = [...config.hashes, [file, sha256] as const].map(([name, hash]) => `${hash}  ${name}\n`)
  return {
    provenance: {
      backend: 'onnx-transformer',
      model: folder.name,
      sha256: sha256Hex(Buffer.from(hashes.join(''))),
      calibrated: false,
    },
    classify: (texts, signal) =>
      next(async () => {
        const encoded = texts.map((text) => encoder.encode(text))
        const found: SentimentProbabilities[] = []
        for (const batch of batchesOf(encoded, rows, inputs.masked)) {
          signal?.throwIfAborted()
          const results = await run(batch.map((position) => encoded[position]))
          batch.forEach((position, i) => {
            found[position] = results[i]
          })
        }
        return found
      }),
  }
}

async function modelFile(folder: ModelFolder, asked?: string): Promise<{ file: string; bytes: number }> {
  const names = asked === undefined ? MODEL_FILES : [asked]
  for (const file of names) {
    const bytes = await folder.bytesOf(file)
    if (bytes === undefined) continue
    // Neither their size nor their hash would be known.
    for (const weights of [`${file}_data`, `${file}.data`]) {
      if ((await folder.bytesOf(weights)) === undefined) continue
      throw new InputError(
        `${file} in ${folder.place} keeps its weights in ${weights}, expected one file that holds all`,
      )
    }
    return { file, bytes }
  }
  throw new InputError(`${folder.place} has no ${names.join(', ')}`)
}

/** Without an arena, what a batch took is given back, and memory stays at the model and one batch. */
async function openSession(
  sessions: { create(path: string, options: InferenceSession.SessionOptions): Promise<InferenceSession> },
  path: string,
  place: string,
): Promise<InferenceSession> {
  try {
    return await sessions.create(path, {
      ...{ executionProviders: ['cpu'], executionMode: 'sequential', graphOptimizationLevel: 'all' },
      ...{ intraOpNumThreads: 2, interOpNumThreads: 1, enableCpuMemArena: false, enableMemPattern: false },
      logSeverityLevel: 3,
    })
  } catch (cause) {
    throw new InputError(`${place} cannot be loaded: ${(cause as Error).message}`, { cause })
  }
}

function outputOf({ outputNames }: InferenceSession, place: string): string {
  if (outputNames.includes('logits')) return 'logits'
  if (outputNames.length === 1) return outputNames[0]
  throw new InputError(`${place} has the outputs ${outputNames.join(', ')}, expected "logits"`)
}

function batchRows({ fixedRows, fixedTokens, masked }: ModelInputs, wanted: number, place: string): number {
  if (!Number.isInteger(wanted) || wanted < 1)
    throw new RangeError(`Batch of ${wanted}, expected a whole number from 1`)
  if ((fixedRows !== undefined && fixedRows !== 1) || (fixedTokens !== undefined && !masked)) {
    throw new InputError(`${place} takes inputs of one size only, expected one exported with dynamic axes`)
  }
  return fixedRows ?? Math.min(wanted, MOST_BATCH)
}

function probabilitiesOf(
  output: Tensor,
  rows: number,
  labels: readonly SentimentLabel[],
  place: string,
): SentimentProbabilities[] {
  const { data, dims } = output
  if (!(data instanceof Float32Array) || dims.length !== 2 || dims[0] !== rows || dims[1] !== labels.length) {
    const found = `${output.type} of ${dims.join(' × ')}`
    throw new InputError(`${place} answered with ${found}, expected float32 of ${rows} × ${labels.length}`)
  }
  return Array.from({ length: rows }, (_, row) => {
    const logits = Array.from(data.subarray(row * labels.length, (row + 1) * labels.length))
    const highest = Math.max(...logits)
    const parts = logits.map((logit) => Math.exp(logit - highest))
    const total = parts.reduce((sum, part) => sum + part, 0)
    const of = (label: SentimentLabel) => parts[labels.indexOf(label)] / total
    if (!Number.isFinite(total))
      throw new InputError(`${place} answered with numbers that are none: ${logits.join(', ')}`)
    return { negative: of('negative'), neutral: of('neutral'), positive: of('positive') }
  })
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MiB`
}
