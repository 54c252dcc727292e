import { describe, expect, it } from 'vitest'
import type { Quarantine, QuarantinedBar } from '../../shared/ports/ingestion-stores.ts'
import { DAILY, day } from './made-bars.ts'

const bar = (part: Partial<QuarantinedBar>): QuarantinedBar => ({
  dataset: DAILY,
  symbol: 'A',
  at: day('2024-03-01'),
  ordinal: 0,
  reasons: ['high-below-close'],
  detail: 'high 9 is below close 10',
  open: 9,
  high: 9,
  low: 8,
  close: 10,
  volume: 100,
  ...part,
})

/** What every quarantine keeps to. `open` answers an empty one each time. */
export function quarantineContract(name: string, open: () => Promise<Quarantine>): void {
  describe(`${name} as a quarantine`, () => {
    it('keeps bars as they came, with their reasons', async () => {
      const quarantine = await open()
      const bars = [
        bar({ reasons: ['no "price"', 'a,b {c}'], open: Number.NaN, high: 1 / 0, low: -1 / 0, volume: -1 }),
        bar({ ordinal: 1, reasons: [], detail: 'ein “Zitat” \\ "und" mehr' }),
      ]
      await quarantine.put('run-1', bars)

      expect(await quarantine.list({ run: 'run-1' })).toEqual(
        bars.map((each) => ({ ...each, run: 'run-1' })).sort(byAt),
      )
    })

    it('keeps a bar whose time is none, after those that have one', async () => {
      const quarantine = await open()
      await quarantine.put('run-1', [bar({ at: Number.NaN }), bar({})])

      expect((await quarantine.list({})).map(({ at }) => at)).toEqual([day('2024-03-01'), Number.NaN])
    })

    it('writes once what is put twice, the last version counting', async () => {
      const quarantine = await open()
      await quarantine.put('run-1', [bar({}), bar({ ordinal: 1 }), bar({ ordinal: 1, detail: 'again' })])
      await quarantine.put('run-1', [bar({}), bar({ ordinal: 1, detail: 'again' })])

      expect((await quarantine.list({ run: 'run-1' })).map(({ detail }) => detail)).toEqual([bar({}).detail, 'again'])
    })

    it('lists by run, by symbol and at most so many', async () => {
      const quarantine = await open()
      await quarantine.put('run-2', [bar({ symbol: 'B' })])
      await quarantine.put('run-1', [bar({ symbol: 'B' }), bar({ symbol: 'A' })])
      await quarantine.put('run-1', [bar({ symbol: 'A', dataset: { ...DAILY, interval: '5m' } })])
      await quarantine.put('run-3', [])
      const list = async (filter: Parameters<Quarantine['list']>[0]) =>
        (await quarantine.list(filter)).map(({ run, symbol, dataset }) => `${run} ${symbol} ${dataset.interval}`)

      expect(await list({})).toEqual(['run-1 A 1d', 'run-1 A 5m', 'run-1 B 1d', 'run-2 B 1d'])
      expect(await list({ symbol: 'B' })).toEqual(['run-1 B 1d', 'run-2 B 1d'])
      expect(await list({ run: 'run-1', symbol: 'B' })).toEqual(['run-1 B 1d'])
      expect(await list({ limit: 2 })).toEqual(['run-1 A 1d', 'run-1 A 5m'])
      expect(await list({ run: 'run-3' })).toEqual([])
    })
  })
}

function byAt(a: QuarantinedBar, b: QuarantinedBar): number {
  return a.at - b.at || a.ordinal - b.ordinal
}
