import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { memoryObjectStore } from '../../../../shared/adapters/memory/object-store.ts'
import { labelOrder } from '../../../../shared/adapters/sentiment/transformer/label-order.ts'
import { readModelConfig } from '../../../../shared/adapters/sentiment/transformer/model-config.ts'
import { diskModelFolder, storedModelFolder } from '../../../../shared/adapters/sentiment/transformer/model-folder.ts'
import { batchesOf, feedsOf } from '../../../../shared/adapters/sentiment/transformer/model-inputs.ts'
import {
  onnxTransformer,
  type TransformerOptions,
} from '../../../../shared/adapters/sentiment/transformer/onnx-transformer.ts'
import { textEncoder } from '../../../../shared/adapters/sentiment/transformer/text-encoder.ts'
import { likeliestLabel } from '../../../../shared/domain/sentiment/sentiment.ts'
import { InputError } from '../../../../shared/ports/errors.ts'
import { embeddingOf, LABELS, removeTinyFolders, type TinyFolder, tinyFiles, tinyFolder } from './tiny-model-folder.ts'

afterAll(removeTinyFolders)

async function open(folder: TinyFolder = {}, options: TransformerOptions = {}) {
  return onnxTransformer(await diskModelFolder(await tinyFolder(folder)), options)
}

const refusal = async (folder: TinyFolder, options: TransformerOptions = {}): Promise<string> => {
  const error = await open(folder, options).then(
    () => new Error('It was accepted'),
    (cause: Error) => cause,
  )
  expect(error).toBeInstanceOf(InputError)
  return error.message.replace(/\S*\/tiny-model-\w+/g, 'DIR')
}

/** Of the mean of the tokens' rows: begin, end and other words are [0, 0.5, 0], a profit is [0, 0, 9]. */
function softmax(logits: readonly number[]): number[] {
  const parts = logits.map(Math.exp)
  return parts.map((part) => part / parts.reduce((sum, one) => sum + one, 0))
}

describe('a supplied transformer', () => {
  it('answers with the softmax of its outputs, in the order of the texts', async () => {
    const model = await open()
    const found = await model.classify(['Profits', 'the bank', 'LOSS'])
    // [CLS] profit ##s [SEP], then [CLS] loss [SEP].
    const [negative, neutral, positive] = softmax([0, 1.5 / 4, 9 / 4])
    expect(found[0].positive).toBeCloseTo(positive, 6)
    expect(found[0].neutral).toBeCloseTo(neutral, 6)
    expect(found[0].negative).toBeCloseTo(negative, 6)
    expect(found[2].negative).toBeCloseTo(softmax([3, 1 / 3, 0])[0], 6)
    expect(found.map(likeliestLabel)).toEqual(['positive', 'neutral', 'negative'])
    expect(await model.classify([])).toEqual([])
  })

  it.each([
    ['token_type_ids', { inputs: ['input_ids', 'attention_mask', 'token_type_ids'] }],
    ['no mask', { inputs: ['input_ids'] }],
    ['another output', { output: 'output_0' }],
    ['one row at a time', { shape: [1, 'tokens'] }],
    ['a fixed size', { shape: [1, 6] }],
    ['a model in its folder', { modelFile: 'onnx/model_quantized.onnx' }],
  ] as const)('says the same with %s', async (_, folder) => {
    const texts = ['profit', 'the bank fell', 'loss', 'the loss', '']
    const plain = await (await open()).classify(texts)
    const found = await (await open(folder)).classify(texts)
    found.forEach((one, i) => {
      expect(one.positive).toBeCloseTo(plain[i].positive, 6)
      expect(one.negative).toBeCloseTo(plain[i].negative, 6)
    })
  })

  it('reads byte-level tokens', async () => {
    const found = await (await open({ tokenizer: 'byteLevel' })).classify(['up', 'down', ' up up'])
    expect(found.map(likeliestLabel)).toEqual(['positive', 'negative', 'positive'])
    expect(found[0].positive).toBeCloseTo(softmax([0, 1 / 3, 3])[2], 6)
    expect(found[2].positive).toBeCloseTo(softmax([0, 1 / 4, 18 / 4])[2], 6)
  })

  it('does not let a text depend on those beside it', async () => {
    const model = await open()
    const texts = Array.from({ length: 50 }, (_, i) => `${'the '.repeat(i % 30)}${i % 3 === 0 ? 'profit' : 'loss'}`)
    const together = await model.classify(texts)
    for (const i of [0, 7, 29, 49]) {
      const [alone] = await model.classify([texts[i]])
      expect(alone.positive).toBeCloseTo(together[i].positive, 5)
    }
  })

  it('follows the order of the labels that the configuration names', async () => {
    const config = { id2label: { 0: 'Bullish', 1: 'NEUTRAL', 2: 'bear' } }
    const [found] = await (await open({ config })).classify(['profit'])
    expect(likeliestLabel(found)).toBe('negative')
  })

  it('believes labels that are given where the configuration does not name them', async () => {
    const config = { id2label: { 0: 'LABEL_0', 1: 'LABEL_1', 2: 'LABEL_2' } }
    const model = await open({ config }, { labels: ['positive', 'neutral', 'negative'] })
    expect(likeliestLabel((await model.classify(['profit']))[0])).toBe('negative')
  })

  it('names itself with a hash that sha256sum can check', async () => {
    const path = await tinyFolder()
    const { provenance } = await onnxTransformer(await diskModelFolder(path))
    const hash = (body: Uint8Array | string) => createHash('sha256').update(body).digest('hex')
    const files = tinyFiles()
    const list = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.onnx']
    const printed = list.map((name) => `${hash(files.get(name)!)}  ${name}\n`).join('')
    expect(provenance).toEqual({
      ...{ backend: 'onnx-transformer', model: basename(path), sha256: hash(printed), calibrated: false },
    })
  })

  it('is the same from an object store, and leaves no copy behind', async () => {
    const objects = memoryObjectStore()
    for (const [name, body] of tinyFiles()) await objects.put(`models/tiny/${name}`, body)
    const temporary = await tinyFolder()
    vi.stubEnv('TMPDIR', temporary)
    const before = readdirSync(temporary)
    const model = await onnxTransformer(storedModelFolder(objects, 'models/tiny/'))
    vi.unstubAllEnvs()
    expect(readdirSync(temporary)).toEqual(before)
    expect(model.provenance).toMatchObject({ model: 'tiny', sha256: (await open()).provenance.sha256 })
    expect(likeliestLabel((await model.classify(['loss']))[0])).toBe('negative')
    await expect(onnxTransformer(storedModelFolder(objects, 'models/none'))).rejects.toThrow(
      'the object store under models/none has no config.json and no tokenizer.json',
    )
  })

  it('stops between batches when the caller does', async () => {
    const model = await open()
    const stop = new AbortController()
    stop.abort()
    await expect(model.classify(['profit'], stop.signal)).rejects.toThrow('aborted')
    expect(await model.classify(['profit'])).toHaveLength(1)
  })

  it('keeps memory bounded however many texts there are', async () => {
    const model = await open()
    const texts = Array.from({ length: 5000 }, (_, i) => `${'the profit fell '.repeat(20)}${i}`)
    await model.classify(texts.slice(0, 500))
    const before = process.memoryUsage().rss
    await model.classify(texts)
    expect(process.memoryUsage().rss - before).toBeLessThan(150e6)
  })
})

describe('a model that cannot be used', () => {
  it.each<[string, TinyFolder, TransformerOptions, string]>([
    ['lacks files', { files: { 'tokenizer.json': undefined } }, {}, 'DIR has no tokenizer.json'],
    [
      'has no model',
      { modelFile: 'other.onnx' },
      {},
      'DIR has no model_quantized.onnx, onnx/model_quantized.onnx, model_int8.onnx, onnx/model_int8.onnx, model.onnx, onnx/model.onnx',
    ],
    ['has not the file asked for', {}, { file: 'best.onnx' }, 'DIR has no best.onnx'],
    ['has no JSON', { files: { 'config.json': '{' } }, {}, 'config.json in DIR is not JSON'],
    [
      'has other JSON',
      { files: { 'tokenizer.json': '{"model":3}' } },
      {},
      'tokenizer.json in DIR is not as expected at "model"',
    ],
    [
      'names labels by number',
      { config: { id2label: { 0: 'LABEL_0', 1: 'LABEL_1', 2: 'LABEL_2' } } },
      {},
      'config.json in DIR has the labels "LABEL_0", "LABEL_1", "LABEL_2", which do not say what they mean',
    ],
    [
      'names no labels',
      { config: {} },
      {},
      'config.json in DIR has no labels, expected negative, neutral and positive, each once',
    ],
    [
      'has stars',
      { config: { id2label: { 0: '1 star', 1: '2 stars' } } },
      {},
      'has the labels "1 star", "2 stars", expected',
    ],
    [
      'is for something else',
      { config: { architectures: ['BertForMaskedLM'], id2label: LABELS } },
      {},
      'config.json in DIR is of a BertForMaskedLM, expected',
    ],
    [
      'gives several labels',
      { config: { problem_type: 'multi_label_classification', id2label: LABELS } },
      {},
      'is for multi_label_classification',
    ],
    [
      'has another number of classes',
      { embedding: embeddingOf('wordPiece').map((row) => row.slice(0, 2)) },
      {},
      'model.onnx in DIR answered with float32 of 1 × 2, expected float32 of 1 × 3',
    ],
    [
      'wants pictures',
      { inputs: ['input_ids', 'pixel_values'] },
      {},
      'model.onnx in DIR wants the input "pixel_values"',
    ],
    [
      'is too large',
      {},
      { mostModelBytes: 10 },
      'model.onnx in DIR has 1 MiB, expected at most 1 MiB: supply a quantised model',
    ],
    [
      'keeps its weights elsewhere',
      { files: { 'model.onnx_data': 'w' } },
      {},
      'model.onnx in DIR keeps its weights in model.onnx_data',
    ],
    ['is no ONNX', { files: { 'model.onnx': 'no' } }, {}, 'model.onnx in DIR cannot be loaded'],
    ['was made for eight rows', { shape: [8, 'tokens'] }, {}, 'model.onnx in DIR takes inputs of one size only'],
  ])('is refused with a sentence when it %s', async (_, folder, options, sentence) => {
    expect(await refusal(folder, options)).toContain(sentence)
  })

  it('is refused when its folder is none', async () => {
    await expect(diskModelFolder('/no/such/folder')).rejects.toThrow('/no/such/folder is not a folder')
  })
})

describe('the labels of a model', () => {
  it.each([
    [{ 0: 'positive', 1: 'negative', 2: 'neutral' }, ['positive', 'negative', 'neutral']],
    [{ 0: 'NEG', 1: 'Neu', 2: 'POS' }, ['negative', 'neutral', 'positive']],
    [{ 2: 'Neutral', 0: 'Bearish', 1: 'Bullish' }, ['negative', 'positive', 'neutral']],
  ])('%j are %j', (id2label, order) => expect(labelOrder(id2label, 'config.json')).toEqual(order))

  it.each<Record<string, string> | undefined>([
    { 0: 'positive', 1: 'negative' },
    { 0: 'positive', 1: 'pos', 2: 'neutral' },
    undefined,
  ])('%j are refused', (id2label) => expect(() => labelOrder(id2label, 'config.json')).toThrow(InputError))
})

describe('texts for a model', () => {
  const encoderOf = async (most: number, folder: TinyFolder = {}) => {
    const config = await readModelConfig(await diskModelFolder(await tinyFolder(folder)))
    return textEncoder(config, most, 'here')
  }

  it('are cut to the longest input and keep their marks', async () => {
    const encoder = await encoderOf(5)
    expect(encoder.encode('the banks fell').ids).toEqual([2, 6, 8, 9, 3])
    expect(encoder.encode('the bank').ids).toEqual([2, 6, 8, 3])
    expect((await encoderOf(2)).encode('the bank').ids).toEqual([2, 3])
  })

  it('cannot set the marks of the tokenizer', async () => {
    const encoder = await encoderOf(64)
    expect(encoder.encode('the [SEP] bank[CLS]').ids).toEqual([2, 6, 8, 3])
  })

  it.each([
    ['the configuration', { config: { id2label: LABELS, pad_token_id: 7 } }, 7],
    ['the name of the token', { tokenizer: 'byteLevel', tokenizerConfig: { pad_token: { content: '<pad>' } } }, 1],
    ['nothing', {}, 0],
  ] as const)('are padded as %s says', async (_, folder, padId) => {
    expect((await encoderOf(8, folder)).padId).toBe(padId)
  })

  it('are fed row by row, padded at the end and masked', () => {
    const inputs = {
      types: new Map([
        ['input_ids', 'int64'],
        ['attention_mask', 'int32'],
        ['token_type_ids', 'int64'],
      ] as const),
      ...{ masked: true, fixedRows: undefined, fixedTokens: undefined },
    }
    const batch = [
      { ids: [5, 6, 7], types: [0, 0, 1] },
      { ids: [8], types: [0] },
    ]
    expect(feedsOf(batch, inputs, 1)).toEqual([
      { name: 'input_ids', type: 'int64', dims: [2, 3], values: BigInt64Array.from([5n, 6n, 7n, 8n, 1n, 1n]) },
      { name: 'attention_mask', type: 'int32', dims: [2, 3], values: Int32Array.from([1, 1, 1, 1, 0, 0]) },
      { name: 'token_type_ids', type: 'int64', dims: [2, 3], values: BigInt64Array.from([0n, 0n, 1n, 0n, 0n, 0n]) },
    ])
  })

  it('stand in batches of at most so many, of one length each where there is no mask', () => {
    const texts = [3, 1, 3, 2, 1].map((length) => ({ ids: Array(length).fill(9), types: [] }))
    expect(batchesOf(texts, 2, true)).toEqual([[1, 4], [3, 0], [2]])
    expect(batchesOf(texts, 2, false)).toEqual([[1, 4], [3], [0, 2]])
  })
})
