import { ELEMENT, type OnnxTensor } from './model-bytes.ts'
import { readMessage } from './protobuf.ts'

/** What a model file says beside its graph: onnxruntime gives neither out. */
export interface OnnxContents {
  readonly metadata: ReadonlyMap<string, string>
  readonly constants: ReadonlyMap<string, OnnxTensor>
}

/** Reads the metadata and constants of a model as `onnxBytes` writes them. Throws RangeError for bytes that are no such model. */
export function readOnnx(bytes: Uint8Array): OnnxContents {
  const metadata = new Map<string, string>()
  const constants = new Map<string, OnnxTensor>()
  for (const { field, value } of readMessage(bytes)) {
    if (typeof value === 'number') continue
    if (field === 14) metadata.set(...entryOf(value))
    if (field !== 7) continue
    for (const part of readMessage(value)) {
      if (part.field !== 5 || typeof part.value === 'number') continue
      const tensor = tensorOf(part.value)
      constants.set(tensor.name, tensor)
    }
  }
  return { metadata, constants }
}

function entryOf(bytes: Uint8Array): [string, string] {
  let key = ''
  let text = ''
  for (const { field, value } of readMessage(bytes)) {
    if (typeof value === 'number') continue
    if (field === 1) key = new TextDecoder().decode(value)
    if (field === 2) text = new TextDecoder().decode(value)
  }
  return [key, text]
}

function tensorOf(bytes: Uint8Array): OnnxTensor {
  const dims: number[] = []
  let name = ''
  let element = 0
  let raw = new Uint8Array()
  for (const { field, value } of readMessage(bytes)) {
    if (typeof value === 'number') {
      if (field === 1) dims.push(value)
      if (field === 2) element = value
    } else if (field === 8) name = new TextDecoder().decode(value)
    else if (field === 9) raw = value.slice()
  }
  const count = dims.reduce((product, dim) => product * dim, 1)
  const data = dataOf(raw, element)
  if (data.length !== count)
    throw new RangeError(`Tensor "${name}" of ${dims.join(' x ')} holds ${data.length} numbers`)
  return { name, dims, data }
}

function dataOf(raw: Uint8Array, element: number): OnnxTensor['data'] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  if (element === ELEMENT.int8) return new Int8Array(raw.buffer, raw.byteOffset, raw.byteLength)
  if (element === ELEMENT.float)
    return Float32Array.from({ length: raw.length / 4 }, (_, i) => view.getFloat32(4 * i, true))
  if (element === ELEMENT.int64) {
    return BigInt64Array.from({ length: raw.length / 8 }, (_, i) => view.getBigInt64(8 * i, true))
  }
  throw new RangeError(`Element type ${element}, expected float, int8 or int64`)
}
