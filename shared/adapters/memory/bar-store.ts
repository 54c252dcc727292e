import type { BarSeries, Dataset, PriceBasis } from '../../domain/market/bar.ts'
import type { Instant } from '../../domain/market/session.ts'
import type { BarQuery, BarStore } from '../../ports/bar-store.ts'
import { type Clock, systemClock } from '../../ports/clock.ts'
import { closedBefore } from '../history/closed-before.ts'
import { inOrder } from '../history/overlay-bars.ts'
import { requireStorable } from '../history/storable-bars.ts'

const NUMBERS = ['open', 'high', 'low', 'close', 'volume', 'bid', 'ask'] as const

interface Version {
  readonly asset: Dataset['asset']
  readonly basis: PriceBasis
  readonly numbers: readonly number[]
  readonly knownFrom: number
}

/** A bar's versions, the current one last; retired bars have none that is current. */
interface Bar {
  readonly symbol: string
  readonly at: number
  readonly replaced: { readonly version: Version; readonly knownTo: number }[]
  current?: Version
}

/** Bars in this process, with the same meaning as in PostgreSQL. The clock says when a version became known. */
export function memoryBarStore(clock: Clock = systemClock): BarStore {
  const tables = new Map<
    string,
    { readonly source: string; readonly interval: Dataset['interval']; bars: Map<string, Bar> }
  >()
  const retirements = new Map<string, Instant>()

  const tableOf = ({ source, interval }: Dataset) => {
    const name = JSON.stringify([source, interval])
    const table = tables.get(name) ?? { source, interval, bars: new Map<string, Bar>() }
    tables.set(name, table)
    return table.bars
  }

  const select = (
    { dataset, symbols, from, to }: BarQuery,
    versionOf: (bar: Bar) => Version | undefined,
  ): BarSeries[] => {
    const wanted = symbols && new Set(symbols)
    const groups = new Map<string, { readonly at: number; readonly version: Version; readonly symbol: string }[]>()
    for (const bar of tableOf(dataset).values()) {
      if (bar.at < from || bar.at >= to || (wanted && !wanted.has(bar.symbol))) continue
      const version = versionOf(bar)
      if (!version || version.asset !== dataset.asset) continue
      const name = JSON.stringify([bar.symbol, version.basis])
      const group = groups.get(name) ?? []
      groups.set(name, group)
      group.push({ at: bar.at, symbol: bar.symbol, version })
    }
    return inOrder([...groups.values()].map(seriesOf))
  }

  return {
    async store(dataset, series) {
      requireStorable(dataset, series)
      const bars = tableOf(dataset)
      const now = clock.now()
      const counts = { inserted: 0, replaced: 0, unchanged: 0 }
      for (const each of series) {
        for (const [row, at] of each.at.entries()) {
          const numbers = NUMBERS.map((name) => each[name]?.[row] ?? Number.NaN)
          const given = { asset: dataset.asset, basis: each.basis, numbers, knownFrom: now }
          const key = JSON.stringify([each.symbol, at])
          const bar = bars.get(key) ?? { symbol: each.symbol, at, replaced: [] }
          bars.set(key, bar)
          if (!bar.current) {
            bar.current = given
            counts.inserted++
          } else if (sameVersion(bar.current, given)) {
            counts.unchanged++
          } else {
            const knownTo = Math.max(now, bar.current.knownFrom + 0.001)
            bar.replaced.push({ version: bar.current, knownTo })
            bar.current = { ...given, knownFrom: knownTo }
            counts.replaced++
          }
        }
      }
      return counts
    },

    read: async (query) => select(query, (bar) => bar.current),

    async readKnownAt(query, knownAt) {
      const to = Math.min(query.to, closedBefore(query.dataset, knownAt)) as Instant
      return select({ ...query, to }, (bar) => {
        return bar.replaced.find(({ knownTo }) => knownTo > knownAt)?.version ?? bar.current
      })
    },

    retiredBefore: async (dataset) => retirements.get(nameOf(dataset)),

    async datasets() {
      const found = new Map<string, Dataset>()
      for (const { source, interval, bars } of tables.values()) {
        for (const { current } of bars.values()) {
          if (!current) continue
          const dataset = { source, asset: current.asset, interval }
          found.set(nameOf(dataset), dataset)
        }
      }
      return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, dataset]) => dataset)
    },

    async oldest(dataset) {
      let oldest: number | undefined
      for (const { at, current } of tableOf(dataset).values()) {
        if (current?.asset === dataset.asset && !(at >= (oldest ?? at + 1))) oldest = at
      }
      return oldest as Instant | undefined
    },

    async retire(dataset, before) {
      retirements.set(nameOf(dataset), Math.max(before, retirements.get(nameOf(dataset)) ?? before) as Instant)
      let rows = 0
      for (const bar of tableOf(dataset).values()) {
        if (bar.at >= before || bar.current?.asset !== dataset.asset) continue
        bar.current = undefined
        rows++
      }
      return rows
    },
  }
}

function nameOf({ source, asset, interval }: Dataset): string {
  return `${source}\0${asset}\0${interval}`
}

function sameVersion(a: Version, b: Version): boolean {
  const sameNumber = (x: number, y: number) => x === y || (Number.isNaN(x) && Number.isNaN(y))
  return a.asset === b.asset && a.basis === b.basis && a.numbers.every((value, i) => sameNumber(value, b.numbers[i]))
}

function seriesOf(rows: { readonly at: number; readonly version: Version; readonly symbol: string }[]): BarSeries {
  rows.sort((a, b) => a.at - b.at)
  const column = (i: number) => Float64Array.from(rows, ({ version }) => version.numbers[i])
  const [open, high, low, close, volume, bid, ask] = NUMBERS.map((_, i) => column(i))
  const quoted = bid.some((value) => !Number.isNaN(value)) || ask.some((value) => !Number.isNaN(value))
  const at = Float64Array.from(rows, (row) => row.at)
  const { symbol, version } = rows[0]
  return { symbol, basis: version.basis, at, open, high, low, close, volume, ...(quoted ? { bid, ask } : {}) }
}
