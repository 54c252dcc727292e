import { expect, it } from 'vitest'
import { groupByAsset } from '../../../../shared/domain/ingestion/group-by-asset.ts'
import { instrumentOf } from '../../../../shared/domain/market/instrument.ts'
import { calmBars, madeSeries } from './made-bars.ts'

const bars = calmBars(['2024-04-01', '2024-04-02'])
const instruments = ['BTC-USD', '^TNX', 'AAA', '^GSPC', 'BBB'].map(instrumentOf)

it('sorts series into their datasets in a fixed order, empty classes left out', () => {
  const series = ['BTC-USD', 'BBB', '^GSPC', 'AAA'].map((symbol) => madeSeries(symbol, bars))
  const groups = groupByAsset('test', '1d', instruments, series)
  expect(groups.map(({ dataset, series: own }) => [dataset, own.map(({ symbol }) => symbol)])).toEqual([
    [{ source: 'test', asset: 'equity', interval: '1d' }, ['BBB', 'AAA']],
    [{ source: 'test', asset: 'index', interval: '1d' }, ['^GSPC']],
    [{ source: 'test', asset: 'crypto', interval: '1d' }, ['BTC-USD']],
  ])
})

it('leaves out a series nobody asked for', () => {
  expect(groupByAsset('test', '1d', instruments, [madeSeries('ZZZ', bars)])).toEqual([])
  expect(groupByAsset('test', '1d', instruments, [])).toEqual([])
})
