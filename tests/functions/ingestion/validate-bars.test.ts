import { describe, expect, it } from 'vitest'
import validateBars from '../../../functions/ingestion/validate-bars/handler.ts'
import type { BarSeries } from '../../../shared/domain/market/bar.ts'
import { session } from '../../../shared/domain/market/session.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { calmBars, madeSeries, nyseSessions, withBars } from '../../shared/domain/ingestion/made-bars.ts'
import { call, madeProvider, memoryPorts, RUN, windowData } from './memory-ports.ts'

const DATASET = { source: 'made', asset: 'equity', interval: '1d' } as const
const BARS = calmBars(nyseSessions('2024-01-02', '2024-04-16'))
const WINDOW = nyseSessions('2024-04-01', '2024-04-16').length
const FETCHED = `work/${RUN}/w00001/fetched`
const QUALITY = `work/${RUN}/w00001/quality.json`
const VALIDATED = `work/${RUN}/w00001/validated`

/** Ports that hold what fetch-bars would have left, and the event that it would have said. */
async function fetched(series: readonly BarSeries[], missing: readonly { symbol: string; reason: string }[] = []) {
  const ports = memoryPorts(madeProvider({}).provider)
  const batch = await ports.barBatches.write(FETCHED, [{ dataset: DATASET, series }])
  const symbols = [...series, ...missing].map(({ symbol }) => symbol)
  return { ports, data: { ...windowData(symbols), source: 'made', batch, missing, missingCount: missing.length } }
}
const handedOn = async ({ barBatches }: AllPorts) =>
  (await barBatches.read(VALIDATED)).flatMap(({ series }) => series.map(({ symbol, at }) => [symbol, at.length]))

describe('validate-bars', () => {
  it('hands on the good bars of the window, without its history', async () => {
    const { ports, data } = await fetched([madeSeries('AAA', BARS), madeSeries('BBB', BARS)])
    expect(await call(validateBars, { ...data, benchmark: 'AAA' }, ports)).toEqual([
      {
        subject: 'ingestion.bars.validated',
        data: {
          window: data.window,
          source: 'made',
          benchmark: 'AAA',
          batch: { key: VALIDATED, sha256: expect.any(String), rows: 2 * WINDOW },
          quality: QUALITY,
        },
      },
    ])
    expect(await handedOn(ports)).toEqual([
      ['AAA', WINDOW],
      ['BBB', WINDOW],
    ])
    expect(await ports.quarantine.list({})).toEqual([])
  })

  it('puts bad bars into quarantine, says why, and leaves a failing symbol out', async () => {
    const broken = BARS.map((bar) => (bar.date < '2024-04-01' ? bar : { ...bar, volume: -1 }))
    const { ports, data } = await fetched(
      [madeSeries('AAA', withBars(BARS, { '2024-04-10': { close: 300, high: 200 } })), madeSeries('BAD', broken)],
      [{ symbol: 'GONE', reason: 'delisted' }],
    )
    const [, rejected] = await call(validateBars, data, ports)
    expect(rejected).toEqual({
      subject: 'ingestion.bars.rejected',
      data: {
        window: data.window,
        rows: 1 + WINDOW,
        reasons: { ohlc_inconsistent: 1, jump: 1, negative_volume: WINDOW },
      },
    })
    // One bad bar of twelve is more than a twelfth but less than a tenth.
    expect(await handedOn(ports)).toEqual([['AAA', WINDOW - 1]])
    expect(
      (await ports.windowQualities.read(QUALITY)).map(({ symbol, verdict, reason }) => [symbol, verdict, reason]),
    ).toEqual([
      ['AAA', 'WARN', expect.stringContaining('ohlc_inconsistent 2024-04-10')],
      ['BAD', 'FAIL', expect.stringContaining('negative_volume 2024-04-01')],
      ['GONE', 'FAIL', 'delisted'],
    ])
    expect(await ports.quarantine.list({ run: RUN, symbol: 'AAA' })).toMatchObject([
      { dataset: DATASET, close: 300, high: 200, reasons: ['ohlc_inconsistent', 'jump'] },
    ])
  })

  it('takes a split for no jump, when the action is stored', async () => {
    const halved = BARS.map((bar) => (bar.date < '2024-04-10' ? bar : { ...bar, close: bar.close / 2 }))
    const { ports, data } = await fetched([madeSeries('AAA', halved)])
    await ports.corporateActions.store([
      { symbol: 'AAA', exDate: session('2024-04-10'), type: 'split', value: 2, source: 'made' },
    ])
    expect(await call(validateBars, data, ports)).toMatchObject([{ data: { batch: { rows: WINDOW } } }])
  })

  it('listens to the actions of its own source only', async () => {
    const halved = BARS.map((bar) => (bar.date < '2024-04-10' ? bar : { ...bar, close: bar.close / 2 }))
    const { ports, data } = await fetched([madeSeries('AAA', halved)])
    await ports.corporateActions.store([
      { symbol: 'AAA', exDate: session('2024-04-10'), type: 'split', value: 2, source: 'another' },
    ])
    expect((await call(validateBars, data, ports))[1]).toMatchObject({ data: { reasons: { jump: 2 } } })
  })

  it('says and leaves the same when called twice', async () => {
    const { ports, data } = await fetched([madeSeries('AAA', withBars(BARS, { '2024-04-10': { close: -1 } }))])
    const first = await call(validateBars, data, ports)
    const quarantined = await ports.quarantine.list({})
    expect(await call(validateBars, data, ports, 2)).toEqual(first)
    expect(await ports.quarantine.list({})).toEqual(quarantined)
    expect(quarantined).toHaveLength(1)
  })

  it('refuses to go on without the batch', async () => {
    const { ports, data } = await fetched([madeSeries('AAA', BARS)])
    await ports.objects.delete(FETCHED)
    await expect(call(validateBars, data, ports)).rejects.toThrow(/is gone/)
  })
})
