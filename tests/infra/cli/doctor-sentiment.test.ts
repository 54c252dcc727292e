import { describe, expect, it } from 'vitest'
import { checkSentiment } from '../../../infra/local/cli/doctor-sentiment.ts'
import { readConfig } from '../../../shared/runtime/config.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'

const check = (sentiment: object | string) =>
  checkSentiment(readConfig({ EDGEFUND_HOME: '/nowhere' }), readSettings({ sentiment }, 'edgefund.yaml'))

describe('the check-up of sentiment', () => {
  it('asks the classifier a headline', async () => {
    expect(await check('onnx-linear')).toMatchObject({
      status: 'ok',
      found: expect.stringMatching(/^onnx-linear \(sentiment-linear \w+\) read a headline in [\d.]+ ms$/),
    })
  })

  it('warns of one that is away, and says what happens meanwhile', async () => {
    const hailo = { backend: 'hailo-ollama', url: 'http://127.0.0.1:1', model: 'm' }
    expect(await check(hailo)).toMatchObject({
      status: 'warn',
      found: expect.stringContaining('hailo-ollama: 127.0.0.1:1 cannot be reached'),
      advice: 'meanwhile onnx-linear reads instead and says so',
    })
    expect((await check({ ...hailo, fallback: 'none' })).advice).toBe('meanwhile sentiment is left out')
  })

  it('warns of a model that is not among the objects', async () => {
    const found = await check({ backend: 'onnx-transformer', model: 'objects:models/none' })
    expect(found).toMatchObject({
      status: 'warn',
      found: expect.stringContaining('the object store under models/none'),
    })
  })
})
