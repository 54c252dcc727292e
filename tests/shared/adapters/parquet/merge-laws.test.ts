import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryObjectStore } from '../../../../shared/adapters/memory/object-store.ts'
import { parquetBarArchive } from '../../../../shared/adapters/parquet/bar-archive.ts'
import type { BarSeries, Dataset } from '../../../../shared/domain/market/bar.ts'
import type { Instant } from '../../../../shared/domain/market/session.ts'
import type { Partition } from '../../../../shared/ports/bar-store.ts'

const dataset: Dataset = { source: 'laws', asset: 'crypto', interval: '1h' }
const ALL = { from: Date.UTC(0, 0, 1) as Instant, to: Date.UTC(9000, 0, 1) as Instant }

interface Row {
  readonly symbol: string
  readonly at: number
  readonly price: number
  readonly bid: number
}

/** Hours of three days around 1970, few symbols: so that keys collide. Prices are any finite doubles, quotes may be missing. */
const row: fc.Arbitrary<Row> = fc.record({
  symbol: fc.constantFrom('A', 'B', 'a', '^X', 'É', '\u{1F600}', '\uFF5E'),
  at: fc.integer({ min: -30, max: 40 }).map((hours) => hours * 3_600_000),
  price: fc.double({ noNaN: true, noDefaultInfinity: true }),
  bid: fc.oneof(fc.constant(Number.NaN), fc.double({ noNaN: true, noDefaultInfinity: true })),
})
const rows = fc.array(row, { maxLength: 40 })
const distinctRows = fc.uniqueArray(row, { maxLength: 40, selector: ({ symbol, at }) => `${symbol} ${at}` })

/** Series of the rows, one a symbol, in the rows' order. */
function seriesOf(given: readonly Row[]): BarSeries[] {
  return [...new Set(given.map(({ symbol }) => symbol))].map((symbol) => {
    const own = given.filter((one) => one.symbol === symbol)
    const price = () => Float64Array.from(own, (one) => one.price)
    const bid = Float64Array.from(own, (one) => one.bid)
    return {
      symbol,
      basis: 'raw',
      at: Float64Array.from(own, (one) => one.at),
      open: price(),
      high: price(),
      low: price(),
      close: price(),
      volume: price(),
      bid,
      ask: bid,
    }
  })
}

/** What a store knows after merging the parts one after the other: hashes and rows of every partition. */
async function afterMerging(parts: readonly (readonly Row[])[]) {
  const archive = parquetBarArchive(memoryObjectStore())
  const partitions = new Map<string, Partition>()
  for (const part of parts) {
    for (const partition of await archive.merge(dataset, seriesOf(part))) partitions.set(partition.key, partition)
  }
  const ordered = [...partitions.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  return { partitions: ordered, series: await archive.read({ dataset, ...ALL }, ordered) }
}

describe('merging', () => {
  it('parts with no bar in common, in any order, is merging all at once, to the byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        distinctRows.chain((all) =>
          fc.tuple(
            fc.constant(all),
            fc.shuffledSubarray(all, { minLength: all.length }),
            fc.array(fc.nat(40), { maxLength: 4 }),
          ),
        ),
        async ([all, shuffled, cuts]) => {
          const edges = [0, ...cuts.sort((a, b) => a - b), shuffled.length]
          const parts = edges.slice(1).map((end, index) => shuffled.slice(edges[index], end))

          expect((await afterMerging(parts)).partitions).toEqual((await afterMerging([all])).partitions)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('again changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(rows, rows, async (first, second) => {
        expect(await afterMerging([first, second, second])).toEqual(await afterMerging([first, second]))
      }),
      { numRuns: 100 },
    )
  })

  it('keeps of every key the newest bar, exactly', async () => {
    await fc.assert(
      fc.asyncProperty(rows, rows, async (first, second) => {
        const newest = new Map<string, Row>()
        for (const one of [...first, ...second]) newest.set(`${one.symbol} ${one.at}`, one)
        const expected = [...newest.values()].sort((a, b) =>
          a.symbol === b.symbol ? a.at - b.at : a.symbol < b.symbol ? -1 : 1,
        )

        const { series } = await afterMerging([first, second])
        const found = series.flatMap((bars) =>
          Array.from(bars.at, (at, index) => ({
            symbol: bars.symbol,
            at,
            price: bars.close[index],
            bid: bars.bid?.[index] ?? Number.NaN,
          })),
        )
        expect(found).toEqual(expected)
      }),
      { numRuns: 100 },
    )
  })
})
