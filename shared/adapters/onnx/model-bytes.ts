import { type MessageWriter, writeMessage } from './protobuf.ts'

/** An ONNX model, as much of the format as our own graphs need. Field numbers are those of onnx.proto3. */
export interface OnnxModel {
  readonly opset: number
  readonly graph: OnnxGraph
  /** Strings a model carries with it. */
  readonly metadata: Readonly<Record<string, string>>
}

export interface OnnxGraph {
  readonly name: string
  readonly nodes: readonly OnnxNode[]
  readonly constants: readonly OnnxTensor[]
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
}

export interface OnnxNode {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Whole numbers from 0. */
  readonly attributes?: Readonly<Record<string, number>>
}

export interface OnnxTensor {
  readonly name: string
  readonly dims: readonly number[]
  readonly data: Float32Array | Int8Array | BigInt64Array
}

export interface OnnxValue {
  readonly name: string
  readonly type: 'float' | 'int32'
  /** A number, or the name of a size that is known when the model runs. */
  readonly dims: readonly (number | string)[]
}

/** The element types of onnx.proto3. */
export const ELEMENT = { float: 1, int8: 3, int32: 6, int64: 7 } as const

const PRODUCER = 'edgefund'
/** The IR version that came with opset 13: every onnxruntime since 1.6 reads it. */
const IR_VERSION = 7
const INT_ATTRIBUTE = 2

/**
 * The bytes of a model. The same model gives the same bytes: fields in the order of their numbers, metadata in its own order.
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
 */
export function onnxBytes({ opset, graph, metadata }: OnnxModel): Uint8Array {
  const model = writeMessage()
    .integer(1, IR_VERSION)
    .text(2, PRODUCER)
    .message(7, graphMessage(graph))
    .message(8, writeMessage().text(1, '').integer(2, opset))
  for (const [key, value] of Object.entries(metadata)) model.message(14, writeMessage().text(1, key).text(2, value))
  return model.finish()
}

function graphMessage({ name, nodes, constants, inputs, outputs }: OnnxGraph): MessageWriter {
  const graph = writeMessage()
  for (const node of nodes) graph.message(1, nodeMessage(node))
  graph.text(2, name)
  for (const tensor of constants) graph.message(5, tensorMessage(tensor))
  for (const value of inputs) graph.message(11, valueMessage(value))
  for (const value of outputs) graph.message(12, valueMessage(value))
  return graph
}

function nodeMessage({ op, inputs, outputs, attributes = {} }: OnnxNode): MessageWriter {
  const node = writeMessage()
  for (const name of inputs) node.text(1, name)
  for (const name of outputs) node.text(2, name)
  node.text(4, op)
  for (const [name, value] of Object.entries(attributes)) {
    node.message(5, writeMessage().text(1, name).integer(3, value).integer(20, INT_ATTRIBUTE))
  }
  return node
}

function tensorMessage({ name, dims, data }: OnnxTensor): MessageWriter {
  const tensor = writeMessage()
  for (const dim of dims) tensor.integer(1, dim)
  return tensor.integer(2, elementOf(data)).text(8, name).bytes(9, littleEndian(data))
}

function valueMessage({ name, type, dims }: OnnxValue): MessageWriter {
  const shape = writeMessage()
  for (const dim of dims) {
    shape.message(1, typeof dim === 'number' ? writeMessage().integer(1, dim) : writeMessage().text(2, dim))
  }
  const tensor = writeMessage().integer(1, ELEMENT[type]).message(2, shape)
  return writeMessage().text(1, name).message(2, writeMessage().message(1, tensor))
}

function elementOf(data: OnnxTensor['data']): number {
  if (data instanceof Float32Array) return ELEMENT.float
  return data instanceof Int8Array ? ELEMENT.int8 : ELEMENT.int64
}

function littleEndian(data: OnnxTensor['data']): Uint8Array {
  const bytes = new Uint8Array(data.byteLength)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < data.length; i++) {
    const value = data[i]
    if (typeof value === 'bigint') view.setBigInt64(8 * i, value, true)
    else if (data instanceof Float32Array) view.setFloat32(4 * i, value, true)
    else view.setInt8(i, value)
  }
  return bytes
}
