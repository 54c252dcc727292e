import type { InferenceSession } from 'onnxruntime-node'
import { InputError } from '../../../ports/errors.ts'
import type { EncodedText } from './text-encoder.ts'

const KNOWN = ['input_ids', 'attention_mask', 'token_type_ids'] as const
type InputName = (typeof KNOWN)[number]
type IntegerType = 'int64' | 'int32'

/** What a model wants to be given. */
export interface ModelInputs {
  readonly types: ReadonlyMap<InputName, IntegerType>
  /** Without it every text of a batch must be of one length, or padding would be read as text. */
  readonly masked: boolean
  /** Where the model was made for inputs of one size. */
  readonly fixedRows: number | undefined
  readonly fixedTokens: number | undefined
}

/** @throws InputError when the model wants other inputs than ids of tokens, their mask and their segments. */
export function modelInputs(metadata: readonly InferenceSession.ValueMetadata[], place: string): ModelInputs {
  const types = new Map<InputName, IntegerType>()
  for (const input of metadata) {
    const name = KNOWN.find((known) => known === input.name)
    const type = input.isTensor && (input.type === 'int64' || input.type === 'int32') ? input.type : undefined
    if (!name || !type) {
      throw new InputError(
        `${place} wants the input "${input.name}", expected whole numbers in ${KNOWN.join(', ')} only`,
      )
    }
    types.set(name, type)
  }
  if (!types.has('input_ids')) throw new InputError(`${place} has no input "input_ids"`)
  const shape = metadata.map((input) => (input.isTensor ? input.shape : []))
  const fixed = (dimension: number) => shape.map((sizes) => sizes[dimension]).find((size) => typeof size === 'number')
  return {
    types,
    masked: types.has('attention_mask'),
    fixedRows: asSize(fixed(0)),
    fixedTokens: asSize(fixed(1)),
  }
}

/** Sizes that are not known are strings, or −1. */
function asSize(size: number | string | undefined): number | undefined {
  return typeof size === 'number' && size > 0 ? size : undefined
}

/** The numbers to feed, row by row, padded at the end. */
export interface Feed {
  readonly name: InputName
  readonly type: IntegerType
  readonly values: BigInt64Array | Int32Array
  readonly dims: readonly [number, number]
}

/** The inputs of a batch, only those that the model names. */
export function feedsOf(batch: readonly EncodedText[], { types, fixedTokens }: ModelInputs, padId: number): Feed[] {
  const tokens = fixedTokens ?? Math.max(...batch.map(({ ids }) => ids.length))
  const columns: Readonly<Record<InputName, (text: EncodedText, at: number) => number>> = {
    input_ids: ({ ids }, at) => ids[at] ?? padId,
    attention_mask: ({ ids }, at) => (at < ids.length ? 1 : 0),
    token_type_ids: ({ types: segments }, at) => segments[at] ?? 0,
  }
  return [...types].map(([name, type]) => {
    const numbers = batch.flatMap((text) => Array.from({ length: tokens }, (_, at) => columns[name](text, at)))
    const values = type === 'int64' ? BigInt64Array.from(numbers, BigInt) : Int32Array.from(numbers)
    return { name, type, values, dims: [batch.length, tokens] }
  })
}

/**
 * The positions of the texts batch by batch, at most so many each, short texts together so that little is padded; of one length each
 * when the model takes no mask.
 */
export function batchesOf(texts: readonly EncodedText[], most: number, masked: boolean): number[][] {
  const order = texts.map((_, i) => i).sort((a, b) => texts[a].ids.length - texts[b].ids.length || a - b)
  const batches: number[][] = []
  for (const position of order) {
    const last = batches.at(-1)
    const fits = last && last.length < most && (masked || texts[last[0]].ids.length === texts[position].ids.length)
    if (fits) last.push(position)
    else batches.push([position])
  }
  return batches
}
