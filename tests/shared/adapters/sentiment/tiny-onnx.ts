/** Enough of ONNX' protobuf to write a model of a few nodes. @see onnx/onnx.proto (IR version 8). */
type Field = readonly [number: number, value: number | string | Uint8Array]

const FLOAT = 1
const INT64 = 7

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return [...bytes, rest]
}

function message(...fields: readonly Field[]): Uint8Array {
  const bytes = fields.flatMap(([number, value]) => {
    if (typeof value === 'number') return [...varint(number * 8), ...varint(value)]
    const body = typeof value === 'string' ? Buffer.from(value) : value
    return [...varint(number * 8 + 2), ...varint(body.length), ...body]
  })
  return Uint8Array.from(bytes)
}

function node(op: string, inputs: readonly string[], output: string, attributes: readonly Uint8Array[] = []): Field {
  const named = inputs.map((name): Field => [1, name])
  return [1, message(...named, [2, output], [4, op], ...attributes.map((attribute): Field => [5, attribute]))]
}

const integer = (name: string, value: number) => message([1, name], [3, value], [20, 2])
const integers = (name: string, values: readonly number[]) =>
  message([1, name], ...values.map((value): Field => [8, value]), [20, 7])

function tensor(name: string, dims: readonly number[], values: Float32Array | BigInt64Array): Field {
  const type = values instanceof Float32Array ? FLOAT : INT64
  const raw = new Uint8Array(values.buffer)
  return [5, message(...dims.map((dim): Field => [1, dim]), [2, type], [8, name], [9, raw])]
}

function value(field: number, name: string, type: number, shape: readonly (number | string)[]): Field {
  const dims = shape.map((dim): Field => [1, message(typeof dim === 'number' ? [1, dim] : [2, dim])])
  return [field, message([1, name], [2, message([1, message([1, type], [2, message(...dims)])])])]
}

export interface TinyModel {
  /** A row a token: what it adds to each output. */
  readonly embedding: readonly (readonly number[])[]
  readonly inputs: readonly ('input_ids' | 'attention_mask' | 'token_type_ids' | 'pixel_values')[]
  readonly output?: string
  readonly shape?: readonly [number | string, number | string]
}

/**
 * A classifier whose outputs are the mean of its tokens' rows: over the masked-in tokens where there is a mask, else over all. Segment 1
 * would add 100 to the first output.
 */
export function tinyModel({
  embedding,
  inputs,
  output = 'logits',
  shape = ['batch', 'tokens'],
}: TinyModel): Uint8Array {
  const classes = embedding[0].length
  const masked = inputs.includes('attention_mask')
  const segmented = inputs.includes('token_type_ids')
  const segments = Float32Array.from([...Array(classes).fill(0), 100, ...Array(classes - 1).fill(0)])
  const nodes = [
    node('Gather', ['E', 'input_ids'], segmented ? 'words' : 'rows'),
    ...(segmented
      ? [node('Gather', ['S', 'token_type_ids'], 'segments'), node('Add', ['words', 'segments'], 'rows')]
      : []),
    ...(masked
      ? [
          node('Cast', ['attention_mask'], 'mask', [integer('to', FLOAT)]),
          node('Unsqueeze', ['mask', 'last'], 'column'),
          node('Mul', ['rows', 'column'], 'kept'),
          node('ReduceSum', ['kept', 'second'], 'sum', [integer('keepdims', 0)]),
          node('ReduceSum', ['mask', 'second'], 'count'),
          node('Div', ['sum', 'count'], output),
        ]
      : [node('ReduceMean', ['rows'], output, [integers('axes', [1]), integer('keepdims', 0)])]),
  ]
  const graph = message(
    ...nodes,
    [2, 'tiny'],
    tensor('E', [embedding.length, classes], Float32Array.from(embedding.flat())),
    tensor('S', [2, classes], segments),
    tensor('last', [1], BigInt64Array.from([2n])),
    tensor('second', [1], BigInt64Array.from([1n])),
    ...inputs.map((name) => value(11, name, name === 'pixel_values' ? FLOAT : INT64, shape)),
    value(12, output, FLOAT, [shape[0], classes]),
  )
  return message([1, 8], [7, graph], [8, message([2, 13])])
}
