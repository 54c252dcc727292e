import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TinyModel, tinyModel } from './tiny-onnx.ts'

/** BERT's way: words, and pieces of words after `##`; `[CLS] … [SEP]`. */
const WORDS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'profit', 'loss', 'the', 'fell', 'bank', '##s', '##ing']

const wordPiece = {
  added_tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]'].map((content, id) => ({
    id,
    content,
    special: true,
    normalized: false,
  })),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
    },
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])),
  },
}

/** RoBERTa's way: bytes as letters, a space being Ġ, merged in the order given; `<s> … </s>`, padding 1. */
const LETTERS = ['u', 'p', 'd', 'o', 'w', 'n', 'Ġ', 'up', 'do', 'wn', 'down', 'Ġup', 'Ġdown']
const byteLevel = {
  added_tokens: ['<s>', '<pad>', '</s>', '<unk>'].map((content, id) => ({
    id,
    content,
    special: true,
    normalized: false,
  })),
  normalizer: null,
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  post_processor: {
    type: 'RobertaProcessing',
    sep: ['</s>', 2],
    cls: ['<s>', 0],
    trim_offsets: true,
    add_prefix_space: false,
  },
  decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  model: {
    type: 'BPE',
    unk_token: '<unk>',
    vocab: Object.fromEntries(['<s>', '<pad>', '</s>', '<unk>', ...LETTERS].map((token, id) => [token, id])),
    merges: ['u p', 'd o', 'w n', 'do wn', 'Ġ up', 'Ġ down'],
  },
}

export const TOKENIZERS = { wordPiece, byteLevel }

/** Rows by token: a profit speaks for the last label, a loss for the first; other words for the middle one. */
export function embeddingOf(tokenizer: keyof typeof TOKENIZERS): number[][] {
  const vocab = Object.keys(TOKENIZERS[tokenizer].model.vocab)
  const opinions: Readonly<Record<string, number[]>> = {
    ...{ profit: [0, 0, 9], loss: [9, 0, 0], up: [0, 0, 9], Ġup: [0, 0, 9], down: [9, 0, 0], Ġdown: [9, 0, 0] },
    // A padding that were read would be seen at once.
    ...{ '[PAD]': [0, 50, 0], '<pad>': [0, 50, 0] },
  }
  return vocab.map((token) => opinions[token] ?? [0, 0.5, 0])
}

export interface TinyFolder extends Partial<TinyModel> {
  readonly tokenizer?: keyof typeof TOKENIZERS
  readonly config?: object
  readonly tokenizerConfig?: object
  /** Files to write instead of those made here; undefined leaves one out. */
  readonly files?: Readonly<Record<string, string | Uint8Array | undefined>>
  readonly modelFile?: string
}

export const LABELS = { 0: 'negative', 1: 'neutral', 2: 'positive' }

/** The files of a small model, as Hugging Face lays them out. */
export function tinyFiles(options: TinyFolder = {}): Map<string, Uint8Array> {
  const {
    tokenizer = 'wordPiece',
    config = { id2label: LABELS },
    tokenizerConfig = {},
    modelFile = 'model.onnx',
  } = options
  const model = tinyModel({
    embedding: options.embedding ?? embeddingOf(tokenizer),
    inputs: options.inputs ?? ['input_ids', 'attention_mask'],
    ...(options.output !== undefined && { output: options.output }),
    ...(options.shape && { shape: options.shape }),
  })
  const files: Record<string, string | Uint8Array | undefined> = {
    'config.json': JSON.stringify(config),
    'tokenizer.json': JSON.stringify(TOKENIZERS[tokenizer]),
    'tokenizer_config.json': JSON.stringify(tokenizerConfig),
    [modelFile]: model,
    ...options.files,
  }
  const present = Object.entries(files).flatMap(([name, body]) =>
    body === undefined ? [] : [[name, typeof body === 'string' ? new Uint8Array(Buffer.from(body)) : body] as const],
  )
  return new Map(present)
}

const written: string[] = []

/** Writes them into a folder of their own. */
export async function tinyFolder(options: TinyFolder = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tiny-model-'))
  written.push(folder)
  for (const [name, body] of tinyFiles(options)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), body)
  }
  return folder
}

export async function removeTinyFolders(): Promise<void> {
  for (const folder of written.splice(0)) await rm(folder, { recursive: true, force: true })
}
