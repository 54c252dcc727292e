import { describe, expect, it } from 'vitest'
import type { CorporateAction } from '../../shared/domain/market/corporate-action.ts'
import { session } from '../../shared/domain/market/session.ts'
import type { CorporateActions } from '../../shared/ports/ingestion-stores.ts'

const action = (symbol: string, exDate: string, type: CorporateAction['type'], value: number, source = 'made') => ({
  symbol,
  exDate: session(exDate),
  type,
  value,
  source,
})

/** What every store of splits and dividends keeps to. `open` answers an empty one each time. */
export function corporateActionsContract(name: string, open: () => Promise<CorporateActions>): void {
  describe(`${name} as a store of corporate actions`, () => {
    it('reads the source’s actions of the symbols through a date, in order of ex-date', async () => {
      const actions = await open()
      const split = action('A', '2024-06-10', 'split', 10)
      const dividend = action('A', '2024-06-10', 'dividend', 0.1)
      const early = action('B', '2024-03-01', 'dividend', 0.24)
      const late = action('A', '2024-06-11', 'dividend', 0.01)
      await actions.store([split, late, early, dividend, action('A', '2024-03-01', 'dividend', 9, 'other')])
      await actions.store([action('C', '2024-03-01', 'split', 2)])

      expect(await actions.read(['A', 'B', 'X'], 'made', session('2024-06-10'))).toEqual([early, dividend, split])
      expect(await actions.read(['A'], 'made', session('9999-12-31'))).toEqual([dividend, split, late])
      expect(await actions.read([], 'made', session('2024-06-10'))).toEqual([])
    })

    it('writes by symbol, ex-date, type and source, the last value counting', async () => {
      const actions = await open()
      await actions.store([action('A', '2024-03-01', 'dividend', 1), action('A', '2024-03-01', 'dividend', 2)])
      await actions.store([action('A', '2024-03-01', 'dividend', 2)])
      expect(await actions.read(['A'], 'made', session('2024-03-01'))).toEqual([
        action('A', '2024-03-01', 'dividend', 2),
      ])

      await actions.store([action('A', '2024-03-01', 'dividend', 3)])
      expect(await actions.read(['A'], 'made', session('2024-03-01'))).toEqual([
        action('A', '2024-03-01', 'dividend', 3),
      ])
    })

    it('takes nothing for nothing', async () => {
      const actions = await open()
      await actions.store([])
      expect(await actions.read(['A'], 'made', session('2024-03-01'))).toEqual([])
    })
  })
}
