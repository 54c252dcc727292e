import { describe, expect, it } from 'vitest'
import { memoryObjectStore } from '../../../../shared/adapters/memory/object-store.ts'
import { objectPayloadRecorder } from '../../../../shared/adapters/objects/payload-recorder.ts'
import { InputError } from '../../../../shared/ports/errors.ts'
import type { ObjectStore } from '../../../../shared/ports/object-store.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

async function keysOf(objects: ObjectStore): Promise<string[]> {
  const keys = []
  for await (const { key } of objects.list('')) keys.push(key)
  return keys
}

describe('a recorder of raw replies', () => {
  it('fetches once and gives the reply back ever after, also to another recorder of the run', async () => {
    const objects = memoryObjectStore()
    let fetches = 0
    const fetch = async () => bytes(`reply ${++fetches}`)

    expect(await objectPayloadRecorder(objects, 'run-1').payload('AAPL', 'chart', fetch)).toEqual(bytes('reply 1'))
    expect(await objectPayloadRecorder(objects, 'run-1').payload('AAPL', 'chart', fetch)).toEqual(bytes('reply 1'))
    expect(await objectPayloadRecorder(objects, 'run-2').payload('AAPL', 'chart', fetch)).toEqual(bytes('reply 2'))
    expect(await objectPayloadRecorder(objects, 'run-1').payload('AAPL', 'splits', fetch)).toEqual(bytes('reply 3'))
    expect(await keysOf(objects)).toEqual(['raw/run-1/AAPL/chart', 'raw/run-1/AAPL/splits', 'raw/run-2/AAPL/chart'])
  })

  it('keeps an empty reply as a reply', async () => {
    const recorder = objectPayloadRecorder(memoryObjectStore(), 'run')
    await recorder.payload('A', 'r', async () => new Uint8Array(0))

    expect(await recorder.payload('A', 'r', async () => bytes('other'))).toEqual(new Uint8Array(0))
  })

  it('records nothing when the fetch fails, so that the next attempt fetches', async () => {
    const objects = memoryObjectStore()
    const recorder = objectPayloadRecorder(objects, 'run')
    const down = async () => {
      throw new Error('429')
    }

    await expect(recorder.payload('A', 'r', down)).rejects.toThrow('429')
    expect(await keysOf(objects)).toEqual([])
    expect(await recorder.payload('A', 'r', async () => bytes('up'))).toEqual(bytes('up'))
  })

  it('gives all who fetch at once the one reply that was kept', async () => {
    const recorder = objectPayloadRecorder(memoryObjectStore(), 'run')
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, n) => recorder.payload('A', 'r', async () => bytes(`reply ${n}`))),
    )

    expect(new Set(replies.map((reply) => new TextDecoder().decode(reply))).size).toBe(1)
    expect(await recorder.payload('A', 'r', async () => bytes('late'))).toEqual(replies[0])
  })

  it('keeps apart symbols and requests of any spelling', async () => {
    const objects = memoryObjectStore()
    const recorder = objectPayloadRecorder(objects, 'run/1')
    for (const [symbol, request] of [
      ['^GSPC', 'chart?range=1d'],
      ['BTC-USD', 'a/b'],
      ['a/b', 'c'],
      ['a', 'b/c'],
      ['..', '.'],
    ]) {
      expect(await recorder.payload(symbol, request, async () => bytes(symbol + request))).toEqual(
        bytes(symbol + request),
      )
    }

    expect(await keysOf(objects)).toEqual([
      'raw/run%2F1/%2E%2E/%2E',
      'raw/run%2F1/BTC-USD/a%2Fb',
      'raw/run%2F1/^GSPC/chart%3Frange=1d',
      'raw/run%2F1/a%2Fb/c',
      'raw/run%2F1/a/b%2Fc',
    ])
    await expect(recorder.payload('A', 'x'.repeat(1_100), async () => bytes('x'))).rejects.toThrow(InputError)
  })
})
