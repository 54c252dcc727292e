import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryObjectStore } from '../../../../shared/adapters/memory/object-store.ts'
import { decodeBarBatches, encodeBarBatches } from '../../../../shared/adapters/objects/bar-batch-format.ts'
import { objectBarBatches } from '../../../../shared/adapters/objects/bar-batches.ts'
import { type BarSeries, sliceBars } from '../../../../shared/domain/market/bar.ts'
import { DAY_MS } from '../../../../shared/domain/market/session.ts'
import { PermanentError } from '../../../../shared/ports/errors.ts'
import type { BarBatch } from '../../../../shared/ports/ingestion-stores.ts'
import { madeBars } from '../parquet/made-bars.ts'

const series = madeBars({ symbols: 3, bars: 20, start: Date.UTC(2026, 0, 5), stepMs: DAY_MS })
const quoted = madeBars({ symbols: 2, bars: 7, start: Date.UTC(2026, 0, 5), stepMs: 60_000, quotes: true })
const batches: BarBatch[] = [
  { dataset: { source: 'yahoo', asset: 'equity', interval: '1d' }, series },
  { dataset: { source: 'yahoo', asset: 'crypto', interval: '1m' }, series: quoted },
]

describe('batches of bars', () => {
  it('come back as they were written, with their hash and rows told', async () => {
    const objects = memoryObjectStore()
    const told = await objectBarBatches(objects).write('runs/1/fetched', batches)
    const { body } = (await objects.get('runs/1/fetched'))!

    expect(told).toEqual({
      key: 'runs/1/fetched',
      sha256: createHash('sha256').update(body).digest('hex'),
      rows: 3 * 20 + 2 * 7,
    })
    expect(await objectBarBatches(objects).read('runs/1/fetched')).toEqual(batches)
  })

  it('are written once: the second writer is told what the first wrote', async () => {
    const store = objectBarBatches(memoryObjectStore())
    const first = await store.write('k', batches)

    expect(await store.write('k', batches)).toEqual(first)
    expect(await store.write('k', batches.slice(1))).toEqual(first)
    expect(await store.read('k')).toEqual(batches)
  })

  it('keep every number to the bit: NaN, negative zero, infinity, parts of larger columns', async () => {
    const double = fc.double()
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ at: double, price: double }), { maxLength: 20 }),
        fc.string({ maxLength: 12 }),
        async (rows, symbol) => {
          const column = Float64Array.from([0, ...rows.map(({ price }) => price)])
          const bars: BarSeries = sliceBars(
            {
              symbol,
              basis: 'adjusted',
              at: Float64Array.from([0, ...rows.map(({ at }) => at)]),
              open: column,
              high: column,
              low: column,
              close: column,
              volume: column,
            },
            1,
            rows.length + 1,
          )
          const store = objectBarBatches(memoryObjectStore())
          await store.write('k', [{ dataset: batches[0].dataset, series: [bars] }])
          const [read] = (await store.read('k'))[0].series

          expect(read).toEqual(bars)
          expect(
            Buffer.compare(
              Buffer.from(new Float64Array(read.close).buffer),
              Buffer.from(new Float64Array(bars.close).buffer),
            ),
          ).toBe(0)
        },
      ),
    )
  })

  it('may be empty', async () => {
    const store = objectBarBatches(memoryObjectStore())
    expect((await store.write('none', [])).rows).toBe(0)
    expect(await store.read('none')).toEqual([])

    const hollow = [{ dataset: batches[0].dataset, series: [sliceBars(series[0], 0, 0)] }]
    expect((await store.write('hollow', hollow)).rows).toBe(0)
    expect(await store.read('hollow')).toEqual(hollow)
  })

  it('are read from bytes that lie anywhere in a buffer', () => {
    const encoded = encodeBarBatches(batches)
    for (let shift = 0; shift < 9; shift++) {
      const larger = new Uint8Array(encoded.length + 16)
      larger.set(encoded, shift)

      expect(decodeBarBatches(larger.subarray(shift, shift + encoded.length))).toEqual(batches)
    }
  })

  it('cannot be written with columns of unequal length', async () => {
    const crooked = { ...series[0], close: series[0].close.slice(1) }
    const store = objectBarBatches(memoryObjectStore())

    await expect(store.write('k', [{ dataset: batches[0].dataset, series: [crooked] }])).rejects.toThrow(
      /S0000 has a column of 19 beside 20/,
    )
  })

  it('are a lost cause when gone', async () => {
    const reading = objectBarBatches(memoryObjectStore()).read('runs/1/fetched')

    await expect(reading).rejects.toThrow(PermanentError)
    await expect(reading).rejects.toThrow('The batch of bars runs/1/fetched is gone')
  })

  it('are refused when any byte is another', async () => {
    const encoded = encodeBarBatches([{ ...batches[0], series: series.slice(0, 1) }])
    const objects = memoryObjectStore()
    for (let at = 0; at < encoded.length; at += 7) {
      const flipped = encoded.slice()
      flipped[at] ^= 1
      await objects.put('k', flipped)

      await expect(objectBarBatches(objects).read('k'), `byte ${at}`).rejects.toThrow(PermanentError)
    }
  })

  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('{"hello": "world"} '.repeat(10))],
    ['half of it', encodeBarBatches(batches).slice(0, 500)],
    ['more than it', new Uint8Array([...encodeBarBatches(batches), 0, 0, 0, 0, 0, 0, 0, 0])],
  ])('are refused when the object is %s, by reader and second writer', async (_, body) => {
    const objects = memoryObjectStore()
    await objects.put('k', body)

    await expect(objectBarBatches(objects).read('k')).rejects.toThrow(/^k is not a batch of bars: /)
    await expect(objectBarBatches(objects).write('k', batches)).rejects.toThrow(PermanentError)
  })

  it.each([
    ['no JSON', 'nonsense'],
    ['another shape', '{"symbol":"A"}'],
    ['an unknown interval', '[{"source":"x","asset":"equity","interval":"2d","series":[]}]'],
    [
      'negative rows',
      '[{"source":"x","asset":"equity","interval":"1d","series":[{"symbol":"A","basis":"raw","rows":-1,"quotes":[]}]}]',
    ],
    [
      'more rows than there are',
      '[{"source":"x","asset":"equity","interval":"1d","series":[{"symbol":"A","basis":"raw","rows":1000000000,"quotes":[]}]}]',
    ],
    ['fewer rows than there are', '[]'],
  ])('are refused when the header is %s, though the checksum is right', (_, header) => {
    const text = Buffer.from(header.padEnd(Math.ceil(header.length / 8) * 8))
    const body = Buffer.concat([
      Buffer.from('EFBARS01'),
      Buffer.from(new Uint32Array([text.length, 0]).buffer),
      text,
      Buffer.alloc(48),
    ])
    const forged = Buffer.concat([body, createHash('sha256').update(body).digest()])

    expect(() => decodeBarBatches(new Uint8Array(forged))).toThrow()
  })
})
