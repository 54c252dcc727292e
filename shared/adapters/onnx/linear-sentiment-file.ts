import { DENSE_FEATURES } from '../../domain/sentiment/features.ts'
import type { LinearSentimentModel } from '../../domain/sentiment/linear-model.ts'
import { SENTIMENT_LABELS } from '../../domain/sentiment/sentiment.ts'
import { InputError } from '../../ports/errors.ts'
import { onnxBytes } from './model-bytes.ts'
import { type OnnxContents, readOnnx } from './read-model.ts'

/** What a model file tells of itself. */
export interface LinearSentimentIdentity {
  readonly name: string
  readonly version: string
  /** Of the rows it was trained on, in hexadecimal. */
  readonly trainingData: string
}

const KIND = 'edgefund-linear-sentiment'
const OPSET = 13
const CLASSES = SENTIMENT_LABELS.length

/**
 * The model as an ONNX file: rows of the table by `ids`, weighted, summed and scaled, and `dense` times its weights give `logits`; their
 * softmax gives `probabilities`. Ids are padded with weight 0. The table stays in bytes, which become floats only where they are read.
 */
export function linearSentimentBytes(model: LinearSentimentModel, identity: LinearSentimentIdentity): Uint8Array {
  const axis = (value: number) => BigInt64Array.of(BigInt(value))
  return onnxBytes({
    opset: OPSET,
    metadata: { kind: KIND, ...identity, recipe: model.recipe, labels: SENTIMENT_LABELS.join(',') },
    graph: {
      name: identity.name,
      inputs: [
        { name: 'ids', type: 'int32', dims: ['texts', 'features'] },
        { name: 'weights', type: 'float', dims: ['texts', 'features'] },
        { name: 'dense', type: 'float', dims: ['texts', DENSE_FEATURES.length] },
      ],
      outputs: [
        { name: 'logits', type: 'float', dims: ['texts', CLASSES] },
        { name: 'probabilities', type: 'float', dims: ['texts', CLASSES] },
      ],
      constants: [
        { name: 'table', dims: [2 ** model.bits, CLASSES], data: model.table },
        { name: 'scales', dims: [CLASSES], data: model.scales },
        { name: 'dense_weights', dims: [DENSE_FEATURES.length, CLASSES], data: model.dense },
        { name: 'intercepts', dims: [CLASSES], data: model.intercepts },
        { name: 'features_axis', dims: [1], data: axis(1) },
        { name: 'labels_axis', dims: [1], data: axis(2) },
      ],
      nodes: [
        { op: 'Gather', inputs: ['table', 'ids'], outputs: ['rows'], attributes: { axis: 0 } },
        { op: 'Cast', inputs: ['rows'], outputs: ['numbers'], attributes: { to: 1 } },
        { op: 'Unsqueeze', inputs: ['weights', 'labels_axis'], outputs: ['columns'] },
        { op: 'Mul', inputs: ['numbers', 'columns'], outputs: ['weighted'] },
        { op: 'ReduceSum', inputs: ['weighted', 'features_axis'], outputs: ['summed'], attributes: { keepdims: 0 } },
        { op: 'Mul', inputs: ['summed', 'scales'], outputs: ['hashed'] },
        { op: 'MatMul', inputs: ['dense', 'dense_weights'], outputs: ['known'] },
        { op: 'Add', inputs: ['hashed', 'known'], outputs: ['both'] },
        { op: 'Add', inputs: ['both', 'intercepts'], outputs: ['logits'] },
        { op: 'Softmax', inputs: ['logits'], outputs: ['probabilities'], attributes: { axis: 1 } },
      ],
    },
  })
}

/**
 * Reads what `linearSentimentBytes` wrote, for who it is and for computing without a runtime.
 * @throws InputError for another file.
 */
export function readLinearSentiment(
  bytes: Uint8Array,
  file: string,
): { model: LinearSentimentModel; identity: LinearSentimentIdentity } {
  const { metadata, constants } = contentsOf(bytes, file)
  const said = (key: string) => metadata.get(key) ?? ''
  if (said('kind') !== KIND || said('labels') !== SENTIMENT_LABELS.join(',')) {
    throw new InputError(`${file} is of kind "${said('kind')}", expected an ONNX model of kind ${KIND}`)
  }
  const numbers = (name: string) => {
    const data = constants.get(name)?.data
    if (!(data instanceof Float32Array)) throw new InputError(`${file} has no floats "${name}"`)
    return data
  }
  const table = constants.get('table')?.data
  if (!(table instanceof Int8Array)) throw new InputError(`${file} has no bytes "table"`)
  return {
    identity: { name: said('name'), version: said('version'), trainingData: said('trainingData') },
    model: {
      recipe: said('recipe'),
      bits: Math.log2(table.length / CLASSES),
      table,
      scales: numbers('scales'),
      dense: numbers('dense_weights'),
      intercepts: numbers('intercepts'),
    },
  }
}

function contentsOf(bytes: Uint8Array, file: string): OnnxContents {
  try {
    return readOnnx(bytes)
  } catch (cause) {
    throw new InputError(`${file} is not an ONNX model: ${(cause as Error).message}`, { cause })
  }
}
