import { Tokenizer } from '@huggingface/tokenizers'
import { InputError } from '../../../ports/errors.ts'
import type { ModelConfig } from './model-config.ts'

/** A text as the model sees it: ids of its tokens, marks of begin and end included, and the segment each belongs to. */
export interface EncodedText {
  readonly ids: readonly number[]
  readonly types: readonly number[]
}

export interface TextEncoder {
  readonly padId: number
  encode(text: string): EncodedText
}

/**
 * Encodes texts with the tokenizer that came with a model. What is longer than `mostTokens` loses tokens at the end of its content and
 * keeps the marks around it. Marks written out in a text (`[SEP]`, `</s>`) are taken out of it: they are for the tokenizer to set.
 * @throws InputError when the tokenizer's file is of a kind that is not known.
 */
export function textEncoder(config: ModelConfig, mostTokens: number, place: string): TextEncoder {
  const tokenizer = openTokenizer(config, place)
  const encoded = (text: string, add_special_tokens: boolean): EncodedText => {
    const { ids, token_type_ids } = tokenizer.encode(text, { add_special_tokens, return_token_type_ids: true })
    // Without a post-processor there are no segments: all is the first.
    const types: readonly number[] | undefined = token_type_ids
    return { ids, types: types ?? ids.map(() => 0) }
  }
  const named = config.padToken === undefined ? undefined : tokenizer.token_to_id(config.padToken)
  const padId = config.padId ?? named ?? 0
  return {
    padId,
    encode(text) {
      const bare = withoutMarks(text, config.specialTokens)
      const whole = encoded(bare, true)
      // A tokenizer that sets no marks leaves nothing of an empty text, and no model takes nothing.
      if (whole.ids.length === 0) return { ids: [padId], types: [0] }
      if (whole.ids.length <= mostTokens) return whole
      const content = encoded(bare, false).ids
      const begin = placeOf(content, whole.ids)
      const end = begin + content.length
      const keep = Math.max(0, mostTokens - (whole.ids.length - content.length))
      const cut = <Value>(all: readonly Value[]) =>
        [...all.slice(0, begin + keep), ...all.slice(end)].slice(0, mostTokens)
      return { ids: cut(whole.ids), types: cut(whole.types) }
    },
  }
}

function openTokenizer({ tokenizer, tokenizerConfig }: ModelConfig, place: string): Tokenizer {
  try {
    return new Tokenizer(tokenizer, tokenizerConfig)
  } catch (cause) {
    throw new InputError(`tokenizer.json in ${place} cannot be used: ${(cause as Error).message}`, { cause })
  }
}

function withoutMarks(text: string, marks: readonly string[]): string {
  return marks.reduce((rest, mark) => (mark === '' ? rest : rest.replaceAll(mark, ' ')), text)
}

/** Where the content begins among its marks; a content that is not found counts as beginning at once. */
function placeOf(content: readonly number[], whole: readonly number[]): number {
  for (let begin = 0; begin + content.length <= whole.length; begin++) {
    if (content.every((id, i) => whole[begin + i] === id)) return begin
  }
  return 0
}
