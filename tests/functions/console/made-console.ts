import { pino } from 'pino'
import consoleService from '../../../functions/console/handler.ts'
import type { ConsolePorts } from '../../../functions/console/ports.ts'
import { htmlConsolePages } from '../../../shared/adapters/console/console-pages.ts'
import { memoryMonitoring } from '../../../shared/adapters/memory/monitoring-store.ts'
import { memoryObjectStore } from '../../../shared/adapters/memory/object-store.ts'
import { memoryOrderStore } from '../../../shared/adapters/memory/order-store.ts'
import { memoryQualityReports } from '../../../shared/adapters/memory/quality-reports.ts'
import { memoryQuarantine } from '../../../shared/adapters/memory/quarantine.ts'
import { memoryRebalances } from '../../../shared/adapters/memory/rebalance-store.ts'
import { memorySignals } from '../../../shared/adapters/memory/signal-store.ts'
import { memoryUniverse } from '../../../shared/adapters/memory/universe-store.ts'
import { objectDailyReports } from '../../../shared/adapters/reports/daily-report-store.ts'
import type { BarSeries } from '../../../shared/domain/market/bar.ts'
import { type Session, sessionToMs } from '../../../shared/domain/market/session.ts'
import { decimal } from '../../../shared/domain/money/decimal.ts'
import { DEFAULT_LISTINGS } from '../../../shared/domain/universe/default-instruments.ts'
import { listingOf } from '../../../shared/domain/universe/listing.ts'
import { ScoringOpened } from '../../../shared/events/signals.ts'
import type { BarHistory } from '../../../shared/ports/bar-store.ts'
import { fixedClock } from '../../../shared/ports/clock.ts'
import type { LogLine, RunLogs } from '../../../shared/ports/run-logs.ts'
import type { DeadLetter, RunOpening } from '../../../shared/ports/run-views.ts'
import { runtimeMetrics } from '../../../shared/runtime/metrics.ts'
import type { Call, EventAuth, Reply, ServeParts } from '../../../shared/runtime/serve.ts'
import { serveService } from '../../../shared/runtime/service.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'
import * as made from './made-fund.ts'
import { toldRunViews } from './told-run-views.ts'

export const NOW = Date.parse('2026-11-15T12:00:00Z')
export const NAMES = DEFAULT_LISTINGS.map(({ symbol, sector }) => ({ symbol, sector }))

export interface MadeConsole {
  readonly ports: ConsolePorts
  readonly parts: ServeParts<ConsolePorts>
  /** What was offered again. */
  readonly replayed: string[]
  get(path: string, headers?: Record<string, string>): Promise<Reply>
  call(call: Partial<Call> & { readonly path: string }): Promise<Reply>
}

export interface MadeConsoleOptions {
  readonly auth?: EventAuth
  readonly sessions?: number
  readonly settings?: Readonly<Record<string, unknown>>
  /** Nothing has ever run. */
  readonly empty?: boolean
  /** Whether this process can read what the steps have logged. */
  readonly logsKept?: boolean
  /** Text that stands where people or providers write some. */
  readonly hostile?: string
}

/** The console over a fund of the size of the demo's, made without chance. */
export async function madeConsole(options: MadeConsoleOptions = {}): Promise<MadeConsole> {
  const { auth = 'none', sessions = 504, settings = {}, empty = false, logsKept = true, hostile } = options
  const replayed: string[] = []
  const objects = memoryObjectStore()
  const letters = empty ? [] : madeLetters(hostile)
  const ports: ConsolePorts = {
    clock: fixedClock(NOW),
    settings: readSettings(settings, 'the settings of a test'),
    consolePages: htmlConsolePages(),
    runViews: toldRunViews(empty ? {} : { ...madeRuns(hostile), letters }),
    runLogs: logsKept ? toldRunLogs(empty ? [] : madeLogs(hostile)) : undefined,
    deadLetterOffice: {
      async replay(event, subscriber) {
        const at = letters.findIndex((letter) => letter.event === event && letter.subscriber === subscriber)
        if (at < 0 || !letters[at].replayable) return false
        letters.splice(at, 1)
        replayed.push(event)
        return true
      },
    },
    universe: memoryUniverse(),
    signals: memorySignals(),
    rebalances: memoryRebalances(),
    orders: memoryOrderStore(),
    monitoring: memoryMonitoring(),
    qualityReports: memoryQualityReports(),
    quarantine: memoryQuarantine(),
    barHistory: madeHistory(empty),
    dailyReports: objectDailyReports(objects),
    objects,
  }
  if (!empty) await fill(ports, sessions, hostile)
  const parts: ServeParts<ConsolePorts> = {
    ...({} as ServeParts<ConsolePorts>), // no route here reaches the event core
    ports,
    auth,
    clock: ports.clock,
    maxBodyBytes: 10_000,
    log: pino({ level: 'silent' }),
    metrics: runtimeMetrics(),
  }
  const call: MadeConsole['call'] = (some) =>
    serveService(parts, consoleService, { method: 'GET', query: '', headers: {}, body: new Uint8Array(), ...some })
  return {
    ports,
    parts,
    replayed,
    call,
    get(address, headers = {}) {
      const [path, query = ''] = address.split('?')
      return call({ path, query: query && `?${query}`, headers })
    },
  }
}

async function fill(ports: ConsolePorts, sessions: number, hostile: string | undefined): Promise<void> {
  const { SOURCE, LAST } = made
  const listings = DEFAULT_LISTINGS.map(listingOf)
  await ports.universe.putListings(
    hostile === undefined ? listings : listings.map((one) => ({ ...one, name: hostile })),
  )
  const universe = { run: made.UNIVERSE, asOf: '2026-11-06' as Session, source: SOURCE }
  await ports.universe.putRanking(universe, made.madeRanking(NAMES))
  const run = { run: made.SIGNALS, asOf: '2026-11-06' as Session, source: SOURCE, universe: made.UNIVERSE }
  for (const component of ['technical', 'fundamental'] as const) {
    await ports.signals.putScores(run, component, made.madeScores(NAMES, component))
  }
  for (const [i, asOf] of made.sessionsBack(60).entries()) {
    if (i % 5 === 0) await ports.signals.putSignals({ ...run, run: `signals:${asOf}`, asOf }, made.madeSignals(NAMES))
  }
  await ports.signals.putSignals({ ...run, asOf: LAST }, made.madeSignals(NAMES))
  await ports.monitoring.putSnapshots(SOURCE, made.madeSnapshots(sessions), made.madeMarks(NAMES))
  await ports.monitoring.putFigures(SOURCE, LAST, made.madeFigures)
  await ports.monitoring.judge(SOURCE, LAST, [
    {
      alert: 'name-weight:XOM',
      severity: 'warning',
      message: hostile ?? 'XOM is 7.4 % of the fund',
      value: 0.074,
      threshold: 0.07,
    },
  ])
  await ports.qualityReports.put({
    run: 'ingestion:2026-11-13',
    from: LAST,
    to: LAST,
    interval: '1d',
    source: SOURCE,
    verdict: 'WARN',
    score: 0.981,
    expected: 56,
    good: 55,
    stored: 55,
    archived: 55,
    reasons: [hostile ?? 'FCX: 1 bar refused'],
    symbols: NAMES.map(({ symbol }, i) => ({
      symbol,
      verdict: i === 5 ? 'WARN' : 'PASS',
      expected: 1,
      good: i === 5 ? 0 : 1,
      quarantined: i === 5 ? 1 : 0,
      warnings: 0,
    })),
  })
  const bar = {
    at: sessionToMs(LAST),
    ordinal: 0,
    reasons: ['jump'],
    open: 1,
    high: 2,
    low: 1,
    close: Number.NaN,
    volume: 5,
  }
  const dataset = { source: SOURCE, asset: 'equity', interval: '1d' } as const
  await ports.quarantine.put('ingestion:2026-11-13', [
    { ...bar, dataset, symbol: 'FCX', detail: hostile ?? 'jump: +80 %' },
  ])
  const { run: rebalance, session, asOf, source, signals } = made.madeReport
  await ports.rebalances.open({ run: rebalance, session, asOf, source, signals }, made.madeStart(NAMES))
  await ports.rebalances.putTargets(rebalance, made.madeTargets(NAMES))
  await ports.rebalances.putTrades(rebalance, made.madeTrades(NAMES))
  await ports.rebalances.putReport(made.madeReport)
  const orders = made.madeTrades(NAMES).filter(({ verdict }) => verdict === 'order')
  await ports.orders.submit(
    made.REBALANCE,
    'model',
    orders.map(({ id, symbol, side, quantity, session }) => ({ id, symbol, side, quantity, session, source: SOURCE })),
  )
  const [first] = orders
  await ports.orders.fill(
    [
      {
        order: first.id,
        execution: '1',
        symbol: first.symbol,
        side: first.side,
        quantity: first.quantity,
        price: decimal('99.95'),
        fee: decimal('1.00'),
        referencePrice: decimal('100.00'),
        session: first.session,
        at: sessionToMs(first.session),
      },
    ],
    [],
  )
  const { html, csv, json, parquet } = made.madeReport.files
  await ports.objects.put(csv, Buffer.from('symbol,side\nXOM,sell\n'))
  await ports.objects.put(`reports/daily/${LAST}/${SOURCE}/daily-report.html`, Buffer.from('the day as published'))
  for (const key of [html, json, parquet]) await ports.objects.put(key, Buffer.from('made'))
}

function madeHistory(empty: boolean): BarHistory {
  return {
    async read({ symbols = [], from, to }) {
      if (empty) return []
      const at = Float64Array.from(made.sessionsBack(600), sessionToMs).filter((time) => time >= from && time < to)
      const close = at.map((_, i) => 100 + i / 20 + 6 * made.wave(i, 90))
      const series = (symbol: string): BarSeries => {
        return { symbol, basis: 'raw', at, open: close, high: close, low: close, close, volume: at.map(() => 1e6) }
      }
      return symbols.filter((symbol) => NAMES.some((name) => name.symbol === symbol)).map(series)
    },
  }
}

function madeRuns(hostile: string | undefined) {
  const line = (
    workflow: string,
    key: string,
    state: RunOpening['state'],
    reason: string | null = null,
  ): RunOpening => ({
    run: `${workflow}:${key}`,
    workflow,
    key,
    revision: 1,
    state,
    reason,
    started: '2026-11-14T06:00:00.000Z',
    ended: state === 'running' ? null : '2026-11-14T06:00:12.500Z',
    seconds: state === 'running' ? null : 12.5,
    params: { from: '2026-11-13' },
    codeVersion: '0.1.0',
    configHash: 'c0ffee',
    parent: null,
  })
  const old = Array.from({ length: 60 }, (_, i) => line('ingestion', `2026-${i}`, 'ok'))
  const step = (name: string, part: object = {}) => {
    return { step: name, done: 4, waiting: 0, running: 0, dead: 0, attempts: 4, seconds: 1.25, reasons: [], ...part }
  }
  const edge = (from: string, subject: string, to: string, count = 4) => ({ from, subject, to, count })
  return {
    runs: [
      line('ingestion', '2026-11-13', 'partial', hostile ?? 'ingestion-store-bars is dead for 2026-11-13/w3'),
      line('universe', '2026-11-06', 'ok'),
      line('signals', '2026-11-08', 'ok'),
      line('portfolio', '2026-11-02', 'ok'),
      line('monitoring', '2026-11-13', 'running'),
      ...old,
    ],
    steps: [
      step('ingestion-open-session', { done: 1, attempts: 1, seconds: 0.02 }),
      step('ingestion-fetch-bars'),
      step('ingestion-validate-bars', { done: 3, running: 1, seconds: null }),
      step('ingestion-store-bars', { done: 2, dead: 1, attempts: 11, reasons: [hostile ?? 'disk full'] }),
      step('ingestion-archive-bars', { done: 2, waiting: 1 }),
      step('ingestion-check-quality', { done: 0, waiting: 1, attempts: 0, seconds: null }),
    ],
    edges: [
      edge('pipeline', 'pipeline.run.opened', 'ingestion-open-session', 1),
      edge('ingestion-open-session', 'ingestion.windows.planned', 'ingestion-fetch-bars'),
      edge('ingestion-fetch-bars', 'ingestion.bars.fetched', 'ingestion-validate-bars'),
      edge('ingestion-validate-bars', 'ingestion.bars.validated', 'ingestion-store-bars'),
      edge('ingestion-validate-bars', 'ingestion.bars.validated', 'ingestion-archive-bars'),
      edge('ingestion-store-bars', 'ingestion.bars.stored', 'ingestion-check-quality'),
      edge('ingestion-archive-bars', 'ingestion.bars.archived', 'ingestion-check-quality'),
    ],
    joins: [
      {
        step: 'ingestion-check-quality',
        key: 'windows',
        revision: 1,
        expected: 4,
        complete: false,
        missing: ['w2'],
        failed: [{ part: 'w3', reason: hostile ?? 'ingestion-store-bars is dead' }],
      },
    ],
    trail: [
      ...Array.from({ length: 130 }, (_, i) => ({
        said_at: `2026-11-14T06:00:${String(i % 60).padStart(2, '0')}.000Z`,
        event: `event-${i}`,
        subject: 'ingestion.bars.fetched',
        step: 'ingestion-fetch-bars',
        cause: i === 0 ? null : 'event-0',
        part: `w${i % 4}`,
        data: { note: hostile ?? 'made', rows: i },
      })),
      {
        said_at: '2026-11-14T06:01:00.000Z',
        event: 'opened',
        subject: ScoringOpened.subject,
        step: 'signals-open-scoring',
        cause: null,
        part: null,
        data: { asOf: '2026-11-06', source: made.SOURCE, universe: made.UNIVERSE },
      },
    ],
  }
}

function madeLogs(hostile: string | undefined): LogLine[] {
  const line = { at: '2026-11-14T06:00:09.500Z', event: 'dead-1', attempt: 8 }
  return [
    {
      ...line,
      level: 'info',
      step: 'ingestion-fetch-bars',
      attempt: 1,
      message: 'done',
      rest: { said: ['ingestion.bars.fetched'] },
    },
    {
      ...line,
      level: 'error',
      step: 'ingestion-store-bars',
      message: hostile ?? 'failed',
      rest: { err: { stack: hostile ?? 'Error: disk full' } },
    },
  ]
}

function toldRunLogs(lines: readonly LogLine[]): RunLogs {
  return {
    of: async ({ run, step, limit }) =>
      run === 'ingestion:2026-11-13' ? lines.filter((line) => (step ?? line.step) === line.step).slice(-limit) : [],
  }
}

function madeLetters(hostile: string | undefined): DeadLetter[] {
  const letter = { run: 'ingestion:2026-11-13', subject: 'ingestion.bars.validated', part: 'w3', attempts: 8 }
  const died = '2026-11-14T06:00:10.000Z'
  const reason = hostile ?? 'disk full'
  return [
    { ...letter, event: 'dead-1', subscriber: 'ingestion-store-bars', reason, died, replayable: true },
    { ...letter, event: 'dead-2', subscriber: 'ingestion-archive-bars', reason, died, replayable: true },
    {
      ...letter,
      event: 'dead-3',
      subscriber: 'ingestion-store-bars',
      reason,
      died,
      run: null,
      subject: null,
      replayable: false,
    },
  ]
}
