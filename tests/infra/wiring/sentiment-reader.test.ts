import { pino } from 'pino'
import { afterAll, describe, expect, it } from 'vitest'
import type { WiringParts } from '../../../infra/wiring/parts.ts'
import { openClassifier } from '../../../infra/wiring/sentiment-classifier.ts'
import { sentimentReader } from '../../../infra/wiring/sentiment-reader.ts'
import { memoryObjectStore } from '../../../shared/adapters/memory/object-store.ts'
import type { ScopeState } from '../../../shared/ports/database.ts'
import { InputError, UnavailableError } from '../../../shared/ports/errors.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'
import { hailoStub } from '../../shared/adapters/sentiment/hailo-stub.ts'
import { removeTinyFolders, tinyFiles, tinyFolder } from '../../shared/adapters/sentiment/tiny-model-folder.ts'

afterAll(removeTinyFolders)

function readerOf(sentiment: object | string, state: ScopeState = 'none') {
  const warned: object[] = []
  const log = pino({ level: 'warn' }, { write: (line) => warned.push(JSON.parse(line)) })
  const settings = readSettings({ sentiment }, 'edgefund.yaml')
  const parts = { settings, log, database: { scopeState: () => state }, objects: { s3: undefined, folder: undefined } }
  return { reader: sentimentReader(parts as unknown as WiringParts), warned }
}
const nowhere = () => Promise.reject(new Error('nobody asks for objects'))

describe('the wired reader of headlines', () => {
  it('is the embedded model', async () => {
    const [good, bad] = await readerOf('onnx-linear').reader.read(['Profit rose 30 %', 'Profit fell 30 %'])
    expect(good).toMatchObject({ reader: { backend: 'onnx-linear', calibrated: true } })
    expect(good.positive).toBeGreaterThan(0.5)
    expect(bad.negative).toBeGreaterThan(0.5)
    expect(good.reader.sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is a transformer of the user', async () => {
    const [found] = await readerOf({ backend: 'onnx-transformer', model: await tinyFolder() }).reader.read(['profit'])
    expect(found).toMatchObject({ reader: { backend: 'onnx-transformer', calibrated: false } })
    expect(found.positive).toBeGreaterThan(found.negative)
  })

  it('is a language model on a Hailo, while there is one', async () => {
    const stub = await hailoStub({ answer: () => 'negative' })
    const { reader, warned } = readerOf({ backend: 'hailo-ollama', url: stub.url, model: stub.model })
    expect(await reader.read(['Anything'])).toMatchObject([{ negative: 1, reader: { backend: 'hailo-ollama' } }])
    expect(warned).toEqual([])
    await stub.close()
    const [found] = await reader.read(['Profit rose 30 %'])
    expect(found.reader).toMatchObject({ backend: 'onnx-linear', degraded: true })
    expect(found.reader.reason).toMatch(/^hailo-ollama: 127\.0\.0\.1:\d+ cannot be reached/)
    expect(warned).toMatchObject([{ msg: 'sentiment is degraded', fallback: 'onnx-linear' }])
  })

  it('falls back, with the reason, when the model is none', async () => {
    const { reader } = readerOf({ backend: 'onnx-transformer', model: '/nowhere/model' })
    const [found] = await reader.read(['Profit rose'])
    expect(found.reader).toMatchObject({ backend: 'onnx-linear', degraded: true })
    expect(found.reader.reason).toContain('/nowhere/model is not a folder')
  })

  it('lets nobody stand in where the settings want nobody', async () => {
    const { reader } = readerOf({ backend: 'hailo-ollama', url: 'http://127.0.0.1:1', model: 'm', fallback: 'none' })
    await expect(reader.read(['Profit rose'])).rejects.toBeInstanceOf(UnavailableError)
  })

  it("never holds a step's transaction while it reads", () => {
    expect(() => readerOf('onnx-linear', 'writing').reader.read(['x'])).toThrow("inside the step's transaction")
  })
})

describe('a classifier', () => {
  it('may lie in the object store', async () => {
    const objects = memoryObjectStore()
    for (const [name, body] of tinyFiles()) await objects.put(`models/tiny/${name}`, body)
    const spec = { backend: 'onnx-transformer', model: 'objects:models/tiny' } as const
    const classifier = await openClassifier(spec, async () => objects)
    expect(classifier.provenance).toMatchObject({ backend: 'onnx-transformer', model: 'tiny' })
    expect((await classifier.classify(['loss']))[0].negative).toBeGreaterThan(0.5)
  })

  it.each([
    [{ backend: 'hailo-ollama', model: 'm' }, 'The backend hailo-ollama has no url'],
    [{ backend: 'onnx-transformer' }, 'The backend onnx-transformer has no model'],
    [{ backend: 'onnx-linear', model: '/nowhere.onnx' }, 'The sentiment model /nowhere.onnx cannot be read'],
  ] as const)('is refused when it cannot be: %j', async (spec, message) => {
    const refused = await openClassifier(spec, nowhere).catch((error) => error)
    expect(refused).toBeInstanceOf(InputError)
    expect(String(refused)).toContain(message)
  })
})
