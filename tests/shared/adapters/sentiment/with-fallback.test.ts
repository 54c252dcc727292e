import { describe, expect, it } from 'vitest'
import { circuitBreaker } from '../../../../shared/adapters/sentiment/circuit-breaker.ts'
import { hailoOllama } from '../../../../shared/adapters/sentiment/hailo/hailo-ollama.ts'
import { sentimentReader, withFallback } from '../../../../shared/adapters/sentiment/with-fallback.ts'
import { UnavailableError } from '../../../../shared/ports/errors.ts'
import type { SentimentClassifier } from '../../../../shared/ports/sentiment-classifier.ts'
import { hailoStub } from './hailo-stub.ts'

const NEUTRAL = { negative: 0, neutral: 1, positive: 0 }

function classifier(backend: string, classify?: SentimentClassifier['classify']) {
  let calls = 0
  return {
    calls: () => calls,
    provenance: { backend, model: 'm', sha256: 'ab', calibrated: true },
    classify: async (texts: readonly string[], signal?: AbortSignal) => {
      calls++
      return classify ? classify(texts, signal) : texts.map(() => NEUTRAL)
    },
  }
}

const away = async () => {
  throw new UnavailableError('nobody is there')
}

describe('a reader with a fallback', () => {
  it('names the primary as long as it answers', async () => {
    const [primary, embedded] = [classifier('hailo-ollama'), classifier('onnx-linear')]
    const reader = withFallback(primary, embedded, { onDegraded: () => expect.unreachable() })
    expect(await reader.read(['a', 'b'])).toEqual([
      { ...NEUTRAL, reader: primary.provenance },
      { ...NEUTRAL, reader: primary.provenance },
    ])
    expect(await reader.read([])).toEqual([])
    expect([primary.calls(), embedded.calls()]).toEqual([1, 0])
  })

  it('says who stood in and why, batch by batch', async () => {
    const heard: string[] = []
    let broken = true
    const primary = classifier('hailo-ollama', async (texts) => (broken ? away() : texts.map(() => NEUTRAL)))
    const reader = withFallback(primary, classifier('onnx-linear'), { onDegraded: (reason) => heard.push(reason) })
    const [degraded] = await reader.read(['a'])
    expect(degraded.reader).toMatchObject({
      ...{ backend: 'onnx-linear', degraded: true, reason: 'hailo-ollama: nobody is there' },
    })
    broken = false
    const [whole] = await reader.read(['a'])
    expect(whole.reader).toEqual(primary.provenance)
    expect(heard).toEqual(['hailo-ollama: nobody is there'])
  })

  it('takes a wrong number of answers for a failure', async () => {
    const reader = withFallback(
      classifier('x', async () => []),
      classifier('y'),
      { onDegraded: () => {} },
    )
    expect((await reader.read(['a']))[0].reader.reason).toBe('x: x read 0 of 1 texts')
  })

  it('leaves a primary alone that failed three times, tries it once after a minute, and then trusts it again', async () => {
    let at = 0
    let broken = true
    const primary = classifier('hailo-ollama', async (texts) => (broken ? away() : texts.map(() => NEUTRAL)))
    const breaker = circuitBreaker({ now: () => at })
    const reader = withFallback(primary, classifier('onnx-linear'), { onDegraded: () => {}, breaker })
    for (let i = 0; i < 5; i++) await reader.read(['a'])
    expect([primary.calls(), breaker.state]).toEqual([3, 'open'])
    expect((await reader.read(['a']))[0].reader.reason).toBe('hailo-ollama is left alone for a while: nobody is there')

    at = 60_000
    expect(breaker.state).toBe('half-open')
    await Promise.all([reader.read(['a']), reader.read(['a'])])
    expect([primary.calls(), breaker.state]).toEqual([4, 'open'])

    at = 120_000
    broken = false
    await reader.read(['a'])
    expect([primary.calls(), breaker.state, breaker.reason]).toEqual([5, 'closed', undefined])
  })

  it('lets nobody stand in for a caller that gave up, and does not count it', async () => {
    const stop = new AbortController()
    const primary = classifier('x', async (_, signal) => {
      stop.abort()
      signal?.throwIfAborted()
      return []
    })
    const breaker = circuitBreaker({ failures: 1 })
    const reader = withFallback(primary, classifier('y'), { onDegraded: () => expect.unreachable(), breaker })
    await expect(reader.read(['a'], stop.signal)).rejects.toThrow('aborted')
    expect(breaker.state).toBe('closed')
  })

  it('lets the fallback read what the primary does not finish in time', async () => {
    const slow = await hailoStub({ answerMs: 1000, loadMs: 1000 })
    const reader = withFallback(hailoOllama(slow), classifier('onnx-linear'), { onDegraded: () => {}, primaryMs: 50 })
    const [found] = await reader.read(['a'])
    await slow.close()
    expect(found.reader).toMatchObject({ backend: 'onnx-linear', reason: 'hailo-ollama: not done within 0.05 s' })
  })

  it('does not hide that the fallback failed too', async () => {
    const reader = withFallback(classifier('x', away), classifier('y', away), { onDegraded: () => {} })
    await expect(reader.read(['a'])).rejects.toThrow('nobody is there')
    await expect(sentimentReader(classifier('x', away)).read(['a'])).rejects.toThrow(UnavailableError)
  })

  it('stands in for a Hailo server that is not there', async () => {
    const gone = await hailoStub()
    await gone.close()
    const reader = withFallback(hailoOllama(gone), classifier('onnx-linear'), { onDegraded: () => {} })
    expect((await reader.read(['a']))[0].reader).toMatchObject({
      ...{
        backend: 'onnx-linear',
        degraded: true,
        reason: expect.stringMatching(/^hailo-ollama: .* cannot be reached/),
      },
    })
  })
})
