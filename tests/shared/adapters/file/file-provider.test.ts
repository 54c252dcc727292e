import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { SchemaElement } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FileProviderOptions, fileProvider } from '../../../../shared/adapters/file/file-provider.ts'
import { instrumentOf } from '../../../../shared/domain/market/instrument.ts'
import { addDays, instant, msToSession, session } from '../../../../shared/domain/market/session.ts'
import type { PayloadRecorder } from '../../../../shared/ports/data-provider.ts'
import { InputError } from '../../../../shared/ports/errors.ts'

const recorder: PayloadRecorder = { payload: (_symbol, _request, fetch) => fetch() }
const HEADER = 'symbol,date,open,high,low,close,adj_close,volume'
const ALL = { from: session('1990-01-01'), to: session('2030-01-01') }
const asked = (...symbols: string[]) => ({ instruments: symbols.map(instrumentOf), ...ALL })

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'file-provider-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function put(name: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(folder, name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, content)
  return file
}

/** A provider that keeps what it noticed. */
async function providerOf(options: FileProviderOptions) {
  const notices: string[] = []
  const provider = await fileProvider({ notice: (text) => notices.push(text), ...options })
  return { provider, notices }
}

const THREE_DAYS = `${HEADER}
AAA,2024-01-02,10,11,9,10.5,,1000
AAA,2024-01-03,10.5,12,10,11,,1100
BBB,2024-01-02,20,21,19,20.5,,2000
AAA,2024-01-04,11,11.5,10.5,11.25,,1200
`

describe('fileProvider', () => {
  it('delivers the bars of each symbol, both ends of the range inclusive', async () => {
    const data = await put('bars.csv', THREE_DAYS)
    const { provider } = await providerOf({ data, basis: 'raw' })
    const request = {
      instruments: ['BBB', 'AAA'].map(instrumentOf),
      from: session('2024-01-02'),
      to: session('2024-01-03'),
    }
    const { series, missing, provenance } = await provider.fetchEod(request, recorder)
    expect(series.map(({ symbol }) => symbol)).toEqual(['BBB', 'AAA'])
    expect([...series[1].at].map(msToSession)).toEqual(['2024-01-02', '2024-01-03'])
    expect([...series[1].close]).toEqual([10.5, 11])
    expect([...series[1].volume]).toEqual([1000, 1100])
    expect(series[1].basis).toBe('raw')
    expect(missing).toEqual([])
    const sha256 = createHash('sha256').update(THREE_DAYS).digest('hex')
    expect(provenance).toEqual([
      { symbol: 'BBB', request: 'file bars.csv', sha256 },
      { symbol: 'AAA', request: 'file bars.csv', sha256 },
    ])
    expect([provider.name, provider.simulated]).toEqual(['file', false])
    expect(await provider.fileRange()).toEqual({ first: '2024-01-02', last: '2024-01-04', symbols: ['AAA', 'BBB'] })
  })

  it('says why a symbol is missing', async () => {
    const data = await put('bars.csv', THREE_DAYS)
    const { provider } = await providerOf({ data, basis: 'raw' })
    const request = { ...asked('BBB', 'CCC'), from: session('2024-01-03') }
    expect((await provider.fetchEod(request, recorder)).missing).toEqual([
      { symbol: 'CCC', reason: `${data} does not have this symbol` },
      { symbol: 'BBB', reason: `${data} has no bars of BBB in the time asked for; it has 2024-01-02 to 2024-01-02` },
    ])
  })

  it('keeps duplicates and empty cells, and sorts disorder stably', async () => {
    const rows = ['2024-01-04,3', '2024-01-02,1', '2024-01-04,4', '2024-01-03,', '2024-01-02,2']
    const data = await put(
      'X.csv',
      `date,open,high,low,close,volume\n${rows.map((row) => `${row},1,1,1,1`).join('\n')}\n`,
    )
    const { provider } = await providerOf({ data, basis: 'raw' })
    const { series } = await provider.fetchEod(asked('X'), recorder)
    expect([...series[0].at].map(msToSession)).toEqual([
      '2024-01-02',
      '2024-01-02',
      '2024-01-03',
      '2024-01-04',
      '2024-01-04',
    ])
    expect([...series[0].open]).toEqual([1, 2, Number.NaN, 3, 4])
  })

  it('delivers exactly the rows of the file, whatever their order', async () => {
    const row = fc.record({ symbol: fc.constantFrom('A', 'B', 'C'), day: fc.nat(20), close: fc.nat(1000) })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (rows) => {
        const lines = rows.map(({ symbol, day, close }) => {
          return `${symbol},${addDays(session('2024-01-01'), day)},1,1,1,${close},,0`
        })
        const data = await put('any.csv', `${HEADER}\n${lines.join('\n')}\n`)
        const { series } = await (await fileProvider({ data, basis: 'raw' })).fetchEod(asked('A', 'B', 'C'), recorder)
        for (const symbol of ['A', 'B', 'C']) {
          const own = rows.filter((found) => found.symbol === symbol).sort((a, b) => a.day - b.day)
          const bars = series.find((found) => found.symbol === symbol)
          expect([...(bars?.close ?? [])]).toEqual(own.map(({ close }) => close))
          const dates = own.map(({ day }) => addDays(session('2024-01-01'), day))
          expect([...(bars?.at ?? [])].map(msToSession)).toEqual(dates)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('reads a folder: files with a symbol column, files named for their symbol, gzip and Parquet', async () => {
    await put('bars.csv', THREE_DAYS)
    await put('CCC.csv.gz', gzipSync('date,open,high,low,close,volume\n2024-01-02,1,2,1,2,5\n'))
    const prices = ['open', 'high', 'low', 'close'].map((name) => ({
      name,
      type: 'DOUBLE',
      repetition_type: 'OPTIONAL',
    }))
    const parquet = parquetWriteBuffer({
      schema: [
        { name: 'root', num_children: 7 },
        { name: 'symbol', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
        { name: 'date', type: 'INT32', converted_type: 'DATE', repetition_type: 'REQUIRED' },
        ...prices,
        { name: 'volume', type: 'INT64', repetition_type: 'REQUIRED' },
      ] as SchemaElement[],
      columnData: [
        { name: 'symbol', data: ['DDD', 'DDD'] },
        { name: 'date', data: [new Date('2024-01-03'), new Date('2024-01-02')] },
        { name: 'open', data: [1, 2] },
        { name: 'high', data: [3, null] },
        { name: 'low', data: [0.5, Number.NaN] },
        { name: 'close', data: [2, 3] },
        { name: 'volume', data: [7n, 8n] },
      ],
    })
    await put('ddd.parquet', new Uint8Array(parquet))
    await put('notes.txt', 'not bars')
    const { provider } = await providerOf({ data: folder, basis: 'raw' })
    const { series, missing } = await provider.fetchEod(asked('AAA', 'BBB', 'CCC', 'DDD'), recorder)
    expect(missing).toEqual([])
    expect(series.map(({ symbol, at }) => [symbol, at.length])).toEqual([
      ['AAA', 3],
      ['BBB', 1],
      ['CCC', 1],
      ['DDD', 2],
    ])
    expect([...series[3].low]).toEqual([Number.NaN, 0.5])
    expect([...series[3].high]).toEqual([Number.NaN, 3])
    expect([...series[3].volume]).toEqual([8, 7])
    expect([...series[3].at].map(msToSession)).toEqual(['2024-01-02', '2024-01-03'])
  })

  it('reads the files again when one has changed', async () => {
    const data = await put('bars.csv', THREE_DAYS)
    const { provider } = await providerOf({ data, basis: 'raw' })
    await provider.fetchEod(asked('AAA'), recorder)
    await put('bars.csv', THREE_DAYS.replace('11.25', '11.75'))
    await utimes(data, new Date(), new Date(Date.now() + 5000))
    const { series } = await provider.fetchEod(asked('AAA'), recorder)
    expect(series[0].close[2]).toBe(11.75)
  })

  describe('the declaration', () => {
    it('says basis, source and label', async () => {
      const data = await put('bars.csv', THREE_DAYS)
      await put('dataset.yaml', 'basis: adjusted\nsource: made-up\nsimulated: true\n')
      const { provider } = await providerOf({ data })
      expect([provider.name, provider.simulated]).toEqual(['made-up', true])
      expect((await provider.fetchEod(asked('AAA'), recorder)).series[0].basis).toBe('adjusted')
      expect((await providerOf({ data, source: 'other', basis: 'adjusted' })).provider.name).toBe('other')
    })

    it.each([
      [undefined, undefined, /does not say whether its prices are raw or adjusted: write "basis: raw"/],
      ['basis: raw', 'adjusted', /dataset.yaml declares basis raw, but adjusted was asked for/],
      ['basis: rough', undefined, /dataset.yaml, key "basis"/],
      ['basis: raw\ncolour: red', undefined, /dataset.yaml: .*colour/],
      ['basis: raw\ntimezone: Mars/Base', undefined, /key "timezone": is not a time zone/],
      ['basis: [raw', undefined, /dataset.yaml is not YAML/],
    ] as const)('refuses %j with %j', async (yaml, basis, message) => {
      const data = await put('bars.csv', THREE_DAYS)
      if (yaml !== undefined) await put('dataset.yaml', yaml)
      const building = fileProvider({ data, ...(basis ? { basis } : {}) })
      await expect(building).rejects.toThrow(InputError)
      await expect(building).rejects.toThrow(message)
    })
  })

  describe('bad input', () => {
    it.each([
      [`${HEADER}\nAAA,2024-01-02,10,11,9,abc,,1\n`, /bars.csv, line 2, column "close": "abc" is not a number/],
      [
        `${HEADER}\nAAA,2024-02-30,10,11,9,10,,1\n`,
        /line 2, column "date": "2024-02-30" is not a date, expected YYYY-MM-DD/,
      ],
      [`${HEADER}\nAAA,2024-01-02,10,11,9,10,,1\n,2024-01-03,1,1,1,1,,1\n`, /line 3, column "symbol" is empty/],
      ['symbol,date,open,high,low,volume\n', /has no column "close"/],
      ['date,open,high,low,close,volume\n2024-01-02,1,1,1,1,1\n', /has no column "symbol" and is not named like one/],
      ['symbol,open,high,low,close,volume\nA,1,1,1,1,1\n', /has neither a column "date" nor "timestamp"/],
    ])('is refused before anything is delivered: %j', async (content, message) => {
      const data = await put('bars.csv', content)
      const { provider } = await providerOf({ data, basis: 'raw' })
      const fetching = provider.fetchEod(asked('AAA'), recorder)
      await expect(fetching).rejects.toThrow(InputError)
      await expect(fetching).rejects.toThrow(message)
    })

    it('names a path that is not there and a folder without bars', async () => {
      const nowhere = path.join(folder, 'nowhere')
      await expect(fileProvider({ data: nowhere, basis: 'raw' })).rejects.toThrow(
        new InputError(`${nowhere} does not exist`),
      )
      const { provider } = await providerOf({ data: folder, basis: 'raw' })
      await expect(provider.fetchEod(asked('AAA'), recorder)).rejects.toThrow('holds no .csv, .csv.gz or .parquet file')
    })

    it('refuses a broken Parquet file', async () => {
      const data = await put('bars.parquet', Buffer.from('PAR1 and no more'))
      const { provider } = await providerOf({ data, basis: 'raw' })
      await expect(provider.fetchEod(asked('AAA'), recorder)).rejects.toThrow(/bars.parquet is not readable Parquet/)
    })
  })

  describe('intraday files', () => {
    const file = (...stamps: string[]) =>
      `symbol,timestamp,open,high,low,close,volume\n${stamps.map((stamp) => `AAA,${stamp},1,1,1,1,1`).join('\n')}\n`
    const hourly = { instruments: [instrumentOf('AAA')], interval: '1h' as const, from: instant(0), to: instant(4e12) }
    const times = (at: Float64Array) => [...at].map((ms) => new Date(ms).toISOString())

    it('read times with their zone, and local ones in the declared zone', async () => {
      const data = await put(
        'bars.csv',
        file('2025-01-06T14:30:00Z', '2025-01-06 10:30:00-05:00', '2025-07-07 09:30:00', '2025-11-03 09:30'),
      )
      await put('dataset.yaml', 'basis: raw\ninterval: 1h\ntimezone: America/New_York\n')
      const { provider } = await providerOf({ data })
      const { series } = await provider.fetchIntraday(hourly, recorder)
      expect(times(series[0].at)).toEqual([
        '2025-01-06T14:30:00.000Z',
        '2025-01-06T15:30:00.000Z',
        '2025-07-07T13:30:00.000Z',
        '2025-11-03T14:30:00.000Z',
      ])
      const daily = await provider.fetchEod(asked('AAA'), recorder)
      expect(daily.missing[0].reason).toBe(`${data} holds 1h bars, no daily ones`)
      const until = { ...hourly, to: instant(Date.parse('2025-01-06T15:30:00Z')) }
      expect((await provider.fetchIntraday(until, recorder)).series[0].at).toHaveLength(1)
    })

    it('take the first of two local times and refuse one that never was', async () => {
      await put('dataset.yaml', 'basis: raw\ninterval: 1h\ntimezone: America/New_York\n')
      const twice = await providerOf({ data: await put('bars.csv', file('2025-11-02 01:30')) })
      const { series } = await twice.provider.fetchIntraday(hourly, recorder)
      expect(times(series[0].at)).toEqual(['2025-11-02T05:30:00.000Z'])
      const never = await providerOf({ data: await put('bars.csv', file('2025-03-09 02:30')) })
      await expect(never.provider.fetchIntraday(hourly, recorder)).rejects.toThrow(
        'line 2, column "timestamp": "2025-03-09 02:30" does not exist in America/New_York',
      )
    })

    it.each([
      ['basis: raw\ninterval: 1h\n', '2025-01-06 09:30', /names no time zone and dataset.yaml declares no "timezone"/],
      ['basis: raw\ninterval: 1h\n', '1736173800', /is not a time, expected ISO 8601/],
      ['basis: raw\ninterval: 1h\n', '2025-01-06T25:00:00Z', /is not a time of day/],
      ['basis: raw\n', '2025-01-06T14:30:00Z', /has timestamps: declare their "interval"/],
    ])('are refused with %j and %j', async (yaml, stamp, message) => {
      await put('dataset.yaml', yaml)
      const { provider } = await providerOf({ data: await put('bars.csv', file(stamp)) })
      await expect(provider.fetchIntraday(hourly, recorder)).rejects.toThrow(message)
    })
  })

  describe('corporate actions', () => {
    const WITH_ACTIONS = `symbol,date,open,high,low,close,volume,dividend,split
AAA,2024-01-02,25,26,24,25.5,4000,0,0
AAA,2024-01-03,25.5,27,25,26,4400,0.25,1.0
AAA,2024-01-04,26,28,25,27,4800,0,4.0
AAA,2024-01-05,27,28,26,27.5,5000,0.3,
`

    it('come from the columns, where 0, 1 and nothing mean none', async () => {
      const data = await put('bars.csv', WITH_ACTIONS)
      const { provider } = await providerOf({ data, basis: 'adjusted', source: 'mine', dividends: 'raw' })
      expect((await provider.fetchSplits(asked('AAA'), recorder)).actions).toEqual([
        { symbol: 'AAA', exDate: '2024-01-04', type: 'split', value: 4, source: 'mine' },
      ])
      const dividends = await provider.fetchDividends({ ...asked('AAA'), to: session('2024-01-03') }, recorder)
      expect(dividends.actions).toEqual([
        { symbol: 'AAA', exDate: '2024-01-03', type: 'dividend', value: 0.25, source: 'mine' },
      ])
    })

    it('undo a split-adjusted history, and restate its dividends when they are declared so', async () => {
      const data = await put('bars.csv', WITH_ACTIONS)
      const { provider, notices } = await providerOf({ data, basis: 'split-adjusted', dividends: 'split-adjusted' })
      const { series } = await provider.fetchEod(asked('AAA'), recorder)
      expect(series[0].basis).toBe('raw')
      expect([...series[0].close]).toEqual([102, 104, 27, 27.5])
      expect([...series[0].volume]).toEqual([1000, 1100, 4800, 5000])
      const { actions } = await provider.fetchDividends(asked('AAA'), recorder)
      expect(actions.map(({ value }) => value)).toEqual([1, 0.3])
      expect(notices).toEqual([])
    })

    it('keep undeclared dividends as they are, and say so when a split makes a difference', async () => {
      const data = await put('bars.csv', WITH_ACTIONS)
      const { provider, notices } = await providerOf({ data, basis: 'split-adjusted' })
      const { actions } = await provider.fetchDividends(asked('AAA'), recorder)
      expect(actions.map(({ value }) => value)).toEqual([0.25, 0.3])
      expect(notices).toHaveLength(1)
      expect(notices[0]).toMatch(/dividends are taken as cash as paid \(1 of them precede a split\)/)
    })

    it('leave a split-adjusted history as it is when nothing is known', async () => {
      const data = await put('bars.csv', THREE_DAYS)
      const { provider, notices } = await providerOf({ data, basis: 'split-adjusted' })
      const { series } = await provider.fetchEod(asked('AAA', 'BBB'), recorder)
      expect(series.map(({ basis }) => basis)).toEqual(['split-adjusted', 'split-adjusted'])
      expect(notices).toEqual(['No splits or dividends are known of AAA, BBB: their prices stay split-adjusted'])
    })

    it('restate only the symbols a file of actions knows, as of the last date of the data', async () => {
      const data = await put('bars.csv', THREE_DAYS)
      const actions = ['AAA,2024-01-04,split,2', 'AAA,2024-01-10,split,3']
      const file = await put('corporate-actions.csv', `symbol,date,type,value\n${actions.join('\n')}\n`)
      const { provider, notices } = await providerOf({ data, basis: 'split-adjusted' })
      const { series } = await provider.fetchEod(asked('AAA', 'BBB'), recorder)
      expect(series.map(({ basis }) => basis)).toEqual(['raw', 'split-adjusted'])
      expect([...series[0].close]).toEqual([21, 22, 11.25])
      expect(notices[0]).toBe(`Splits and dividends are taken from ${file}`)
      const { provenance } = await provider.fetchSplits(asked('AAA'), recorder)
      expect(provenance[0].request).toBe('file corporate-actions.csv')
    })

    const SEVERAL = `symbol,date,type,value,source
AAA,2024-01-03,split,7.00000700001,one
AAA,2024-01-03,split,7,two
BBB,2024-01-03,split,2,one
AAA,2024-01-02,dividend,0.14,one
AAA,2024-01-02,dividend,0.02,two
ZZZ,2024-01-02,split,2,one
ZZZ,2024-01-03,split,3,two
`
    it('of several sources are splits they agree on, without dividends, until one is chosen', async () => {
      const data = await put('bars.csv', THREE_DAYS)
      const actions = await put('deeds.csv', SEVERAL)
      const open = await providerOf({ data, basis: 'raw', actions })
      const splits = await open.provider.fetchSplits(asked('AAA', 'BBB'), recorder)
      expect(splits.actions.map(({ symbol, value, source }) => [symbol, value, source])).toEqual([
        ['AAA', 7, 'file'],
        ['BBB', 2, 'file'],
      ])
      expect((await open.provider.fetchDividends(asked('AAA'), recorder)).actions).toEqual([])
      expect(open.notices).toEqual([
        `${actions}: 2 dividends are left out, because one, two each have their own: choose one with --actions-source, ` +
          'and say with --dividends whether its cash is raw or split-adjusted',
      ])

      const two = { data, basis: 'raw', actions, actionsSource: 'two', dividends: 'split-adjusted' } as const
      const chosen = await fileProvider(two)
      expect((await chosen.fetchDividends(asked('AAA'), recorder)).actions.map(({ value }) => value)).toEqual([0.14])
      expect((await chosen.fetchSplits(asked('AAA', 'BBB'), recorder)).actions).toHaveLength(1)
    })

    it.each([
      [
        'AAA,2024-01-03,split,4,one\nAAA,2024-01-03,split,3,two',
        /AAA 2024-01-03 4 \(one\) and AAA 2024-01-03 3 \(two\) contradict/,
      ],
      [
        'AAA,2024-01-03,split,4,one\nAAA,2024-01-08,split,4,two',
        /AAA 2024-01-03 4 \(one\) and AAA 2024-01-08 4 \(two\) contradict/,
      ],
      ['AAA,2024-01-03,spin-off,4,one', /line 2, column "type": "spin-off" is not a type/],
      ['AAA,2024-01-03,split,0,one', /line 2, column "value": 0 is not positive/],
      ['AAA,2024-01-03,split,,one', /line 2, column "value" is empty/],
      ['AAA,Jan 3,split,2,one', /line 2, column "date": "Jan 3" is not a date/],
    ])('are refused: %j', async (lines, message) => {
      const data = await put('bars.csv', THREE_DAYS)
      await put('corporate-actions.csv', `symbol,date,type,value,source\n${lines}\n`)
      const { provider } = await providerOf({ data, basis: 'raw' })
      const fetching = provider.fetchSplits(asked('AAA'), recorder)
      await expect(fetching).rejects.toThrow(InputError)
      await expect(fetching).rejects.toThrow(message)
    })

    it('accept two splits six days apart', async () => {
      const data = await put('bars.csv', THREE_DAYS)
      const lines = 'AAA,2024-01-03,split,4,one\nAAA,2024-01-09,split,3,two'
      await put('corporate-actions.csv', `symbol,date,type,value,source\n${lines}\n`)
      const { provider } = await providerOf({ data, basis: 'raw' })
      expect((await provider.fetchSplits(asked('AAA'), recorder)).actions).toHaveLength(2)
    })

    it('name the sources there are when the chosen one is not', async () => {
      const data = await put('bars.csv', THREE_DAYS)
      const actions = await put('deeds.csv', SEVERAL)
      const { provider } = await providerOf({ data, basis: 'raw', actions, actionsSource: 'three' })
      await expect(provider.fetchSplits(asked('AAA'), recorder)).rejects.toThrow(
        new InputError(`${actions} has no actions of the source "three", it has one, two`),
      )
    })

    it('add up two payments of one day and count one said twice once', async () => {
      const data = await put('bars.csv', THREE_DAYS)
      const lines = ['0.5', '0.5', '3'].map((cash) => `AAA,2024-01-03,dividend,${cash}`)
      await put('corporate-actions.csv', `symbol,date,type,value\n${lines.join('\n')}\n`)
      const { provider } = await providerOf({ data, basis: 'raw' })
      const { actions } = await provider.fetchDividends(asked('AAA'), recorder)
      expect(actions.map(({ value }) => value)).toEqual([3.5])
    })
  })

  it('reads fundamentals and news where they are declared', async () => {
    const data = await put('bars.csv', THREE_DAYS)
    await put('dataset.yaml', 'basis: raw\nfundamentals: ratios.csv\nnews: stories.csv\n')
    await put('ratios.csv', 'symbol,as_of,trailing_pe,debt_to_equity\nAAA,2024-01-01,15,0.5\nAAA,2024-01-03,16,\n')
    await put(
      'stories.csv',
      'id,symbols,title,publisher,url,published_at\n' +
        'n1,AAA BBB,"Up, up",The Wire,https://news.example/1,2024-01-02T12:00:00Z\n' +
        'n2,CCC,Down,The Wire,https://news.example/2,2024-01-02T13:00:00Z\n',
    )
    const { provider } = await providerOf({ data })
    const instruments = [instrumentOf('AAA'), instrumentOf('BBB')]
    const at = (asOf: string) => provider.fetchFundamentals({ instruments, asOf: session(asOf) }, recorder)
    expect((await at('2024-01-02')).fundamentals).toEqual([
      { symbol: 'AAA', asOf: '2024-01-01', trailingPe: 15, debtToEquity: 0.5 },
    ])
    const later = await at('2024-01-03')
    expect(later.fundamentals).toEqual([{ symbol: 'AAA', asOf: '2024-01-03', trailingPe: 16 }])
    expect(later.missing.map(({ symbol }) => symbol)).toEqual(['BBB'])
    const news = await provider.fetchNews({ instruments, from: instant(0), to: instant(4e12) }, recorder)
    expect(news.articles.map(({ id, symbols, title }) => [id, symbols, title])).toEqual([
      ['n1', ['AAA', 'BBB'], 'Up, up'],
    ])
  })

  it('says that there are none where they are not', async () => {
    const { provider } = await providerOf({ data: await put('bars.csv', THREE_DAYS), basis: 'raw' })
    const instruments = [instrumentOf('AAA')]
    const { missing } = await provider.fetchFundamentals({ instruments, asOf: session('2024-01-02') }, recorder)
    expect(missing[0].reason).toContain('has no fundamentals')
    expect(
      (await provider.fetchNews({ instruments, from: instant(0), to: instant(1) }, recorder)).missing,
    ).toHaveLength(1)
  })
})

const MARKET_DATA = fileURLToPath(new URL('../../../../../shared/market-data/normalized', import.meta.url))

describe.skipIf(!existsSync(MARKET_DATA))('fileProvider on ../shared/market-data', () => {
  const on = async (name: string, options: Omit<FileProviderOptions, 'data'>, symbol: string, ...dates: string[]) => {
    const provider = await fileProvider({ data: path.join(MARKET_DATA, name), ...options })
    const { series } = await provider.fetchEod(asked(symbol), recorder)
    return dates.map((date) => series[0].close[series[0].at.indexOf(Date.parse(date))])
  }

  it('restates the split-adjusted closes of AAPL to what was traded around the 7:1 split of 2014', async () => {
    const closes = await on(
      'sp500-daily-2013-2018.csv.gz',
      { basis: 'split-adjusted' },
      'AAPL',
      '2014-06-06',
      '2014-06-09',
    )
    expect(closes[0]).toBeCloseTo(645.57, 2)
    expect(closes[1]).toBeCloseTo(93.7, 2)
  })

  it('reads raw closes as they are, with the actions of a chosen source restated to raw', async () => {
    const options = { basis: 'raw', actionsSource: 'yfinance', dividends: 'split-adjusted' } as const
    const name = 'daily-raw-to-2023-alphavantage.csv.gz'
    expect(await on(name, options, 'AAPL', '2020-08-28', '2020-08-31')).toEqual([499.23, 129.04])
    const provider = await fileProvider({ data: path.join(MARKET_DATA, name), ...options })
    const range = { instruments: [instrumentOf('AAPL')], from: session('2014-01-01'), to: session('2014-12-31') }
    const { actions } = await provider.fetchDividends(range, recorder)
    const cash = actions.map(({ value }) => Number(value.toFixed(2)))
    expect(cash).toEqual([3.05, 3.29, 0.47, 0.47])
  })
})
