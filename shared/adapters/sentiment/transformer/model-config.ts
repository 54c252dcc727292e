import { z } from 'zod'
import type { SentimentLabel } from '../../../domain/sentiment/sentiment.ts'
import { InputError } from '../../../ports/errors.ts'
import { labelOrder } from './label-order.ts'
import type { ModelFolder } from './model-folder.ts'

const configSchema = z.looseObject({
  architectures: z.array(z.string()).nullish(),
  id2label: z.record(z.string(), z.string()).optional(),
  problem_type: z.string().nullish(),
  max_position_embeddings: z.number().optional(),
  pad_token_id: z.number().int().nullish(),
})
const tokenizerSchema = z.looseObject({
  model: z.looseObject({}),
  added_tokens: z.array(z.looseObject({ content: z.string(), special: z.boolean().optional() })).optional(),
  padding: z.looseObject({ pad_id: z.number().int() }).nullish(),
})
const tokenizerConfigSchema = z.looseObject({
  /** "Without limit" is written as 1e30. */
  model_max_length: z.number().optional(),
  pad_token: z.union([z.string(), z.looseObject({ content: z.string() })]).nullish(),
})

/** What the files beside a model say of it. */
export interface ModelConfig {
  /** Of each column of the output. */
  readonly labels: readonly SentimentLabel[]
  /** The longest input, special tokens included; infinite when no file says. */
  readonly mostTokens: number
  readonly padId: number | undefined
  readonly padToken: string | undefined
  /** The tokenizer's files, for the library that reads them. */
  readonly tokenizer: { readonly added_tokens: readonly object[] }
  readonly tokenizerConfig: object
  /** Texts that the tokenizer would take for its own marks. */
  readonly specialTokens: readonly string[]
  /** Hashes by file name. */
  readonly hashes: ReadonlyMap<string, string>
}

/**
 * Reads `config.json`, `tokenizer.json` and, where there is one, `tokenizer_config.json` of a Hugging Face folder.
 * @throws InputError naming what is missing or not as expected.
 */
export async function readModelConfig(folder: ModelFolder, labels?: readonly SentimentLabel[]): Promise<ModelConfig> {
  const hashes = new Map<string, string>()
  const read = async <Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.infer<Schema>> => {
    const { body, sha256 } = await folder.read(file)
    hashes.set(file, sha256)
    return parsed(body, `${file} in ${folder.place}`, schema)
  }
  await requireFiles(folder, ['config.json', 'tokenizer.json'])
  const config = await read('config.json', configSchema)
  const tokenizer = await read('tokenizer.json', tokenizerSchema)
  const optional = (await folder.bytesOf('tokenizer_config.json')) !== undefined
  const tokenizerConfig = optional ? await read('tokenizer_config.json', tokenizerConfigSchema) : {}

  const place = `config.json in ${folder.place}`
  const { architectures, problem_type: problem } = config
  if (architectures?.length && !architectures.some((name) => name.endsWith('ForSequenceClassification'))) {
    throw new InputError(`${place} is of a ${architectures.join(', ')}, expected a model for sequence classification`)
  }
  if (problem && problem !== 'single_label_classification') {
    throw new InputError(`${place} is for ${problem}, expected single_label_classification`)
  }
  const padToken = tokenizerConfig.pad_token
  return {
    labels: labelOrder(config.id2label, place, labels),
    mostTokens: Math.min(config.max_position_embeddings ?? Infinity, tokenizerConfig.model_max_length ?? Infinity),
    padId: config.pad_token_id ?? tokenizer.padding?.pad_id,
    padToken: typeof padToken === 'string' ? padToken : padToken?.content,
    tokenizer: { ...tokenizer, added_tokens: tokenizer.added_tokens ?? [] },
    tokenizerConfig,
    specialTokens: (tokenizer.added_tokens ?? []).filter(({ special }) => special).map(({ content }) => content),
    hashes,
  }
}

async function requireFiles(folder: ModelFolder, files: readonly string[]): Promise<void> {
  const sizes = await Promise.all(files.map((file) => folder.bytesOf(file)))
  const missing = files.filter((_, i) => sizes[i] === undefined)
  if (missing.length > 0) throw new InputError(`${folder.place} has no ${missing.join(' and no ')}`)
}

function parsed<Schema extends z.ZodType>(body: Uint8Array, file: string, schema: Schema): z.infer<Schema> {
  let json: unknown
  try {
    json = JSON.parse(Buffer.from(body).toString('utf8'))
  } catch (cause) {
    throw new InputError(`${file} is not JSON: ${(cause as Error).message}`, { cause })
  }
  const checked = schema.safeParse(json)
  if (checked.success) return checked.data
  const { path, message } = checked.error.issues[0]
  throw new InputError(`${file} is not as expected at "${path.join('.')}": ${message}`)
}
