import { z } from 'zod'
import { postgresRunViews } from '../../../shared/adapters/postgres/run-views.ts'
import { type Instant, isSession, type Session } from '../../../shared/domain/market/session.ts'
import { type TradingCalendar, tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import type { QualityReport } from '../../../shared/ports/ingestion-stores.ts'
import type { RunLine, RunStep } from '../../../shared/ports/run-views.ts'
import { latestTick, type Slot } from '../../../shared/runtime/clocks.ts'
import { type RunRow, retryRun } from '../../../shared/runtime/runs.ts'
import type { House, RunProgress } from '../house.ts'
import { findRun } from './find-run.ts'
import { operation } from './operation.ts'

export interface RunShown extends RunLine {
  readonly params: Readonly<Record<string, unknown>>
  readonly codeVersion: string
  readonly configHash: string
  /** Whether it was opened with other settings than the owner has now. */
  readonly otherSettings: boolean
  readonly steps: readonly RunStep[]
  /** How often each event was said. */
  readonly events: readonly { readonly subject: string; readonly count: number }[]
  readonly quality: QualityReport | null
}

/** A delivery that failed and waits to be tried again. */
export interface Trouble {
  readonly step: string
  readonly reason: string
  readonly attempt: number
  readonly againInMs: number
}

const name = z.string().min(1)
const runName = z.strictObject({ run: name })

/**
 * The slot that a workflow's clock means by a date, or by now when none is given: a session only once it has closed, or, for what is decided
 * before the open, the next one too. A poll, whose slots are minutes, takes no date.
 */
export const dueSlot = operation(
  z.strictObject({ workflow: name, date: z.iso.date().optional() }),
  async ({ workflow, date }, house): Promise<Slot> => {
    const { on } = house.registry.clock(workflow)
    const calendar = tradingCalendar(on.calendar)
    const now = house.parts.clock.now()
    const atTick = on.slot(latestTick(on.schedule, now), calendar)
    const bySession = atTick === undefined || isSession(atTick.from)
    if (date === undefined) {
      // A person who asks after the close means today, though the clock will only tick tomorrow.
      const due = bySession ? on.slot(now, calendar) : atTick
      if (due) return due
      throw new InputError(`Nothing of ${workflow} is due now; say --date or --from and --to`)
    }
    if (!bySession) throw new InputError(`${workflow} polls what is there now and takes no --date`)
    checkSession(calendar, date as Session, now, on.session)
    return { key: date, from: date, to: date }
  },
)

/**
 * Opens a run by its key, or finds it. `againAfter` is the newest run of the key that the asker knows of: only while that is the newest is
 * a new revision opened, so asking twice opens one.
 */
export const openRun = operation(
  z.strictObject({
    workflow: name,
    key: name,
    params: z.record(z.string(), z.unknown()).default({}),
    slot: z.strictObject({ key: name, from: z.string(), to: z.string() }).optional(),
    againAfter: name.optional(),
  }),
  async ({ workflow, key, params, slot, againAfter }, house) => {
    const request = { workflow, key, params, ...(slot && { slot }) }
    if (againAfter === undefined) return house.open(request)
    const newest = await postgresRunViews(house.parts.database).newestOf(workflow, key)
    return house.open({ ...request, again: newest?.run === againAfter })
  },
)

/** The newest run of a key, if there is one. */
export const latestRun = operation(z.strictObject({ workflow: name, key: name }), async ({ workflow, key }, house) => {
  return (await postgresRunViews(house.parts.database).newestOf(workflow, key)) ?? null
})

export interface Progress extends RunProgress {
  readonly troubles: readonly Trouble[]
}

export const runProgress = operation(runName, async ({ run }, house): Promise<Progress> => {
  const progress = await house.progress(run)
  const troubles = await house.parts.database.read<Trouble>(
    `select subscriber as step, reason, attempt, greatest(0, extract(epoch from next_at - now())::float8 * 1000) as "againInMs"
     from pipeline.deliveries where run = $1 and state = 'ready' and reason is not null order by next_at limit 5`,
    [run],
  )
  return { ...progress, troubles }
})

/** As `run-progress`, once the run is over or that much time is. */
export const waitForRun = operation(
  z.strictObject({ run: name, withinMs: z.number().int().min(0).max(10_000) }),
  async ({ run, withinMs }, house): Promise<Progress & Pick<RunRow, 'reason'>> => {
    const { reason } = await house.waitFor(run, withinMs)
    return { ...(await runProgress.run({ run }, house)), reason }
  },
)

export const listRuns = operation(
  z.strictObject({
    workflow: name.optional(),
    state: z.enum(['running', 'ok', 'partial', 'failed']).optional(),
    limit: z.number().int().min(1).max(10_000).default(20),
  }),
  (filter, house) => postgresRunViews(house.parts.database).list(filter),
)

export const showRun = operation(runName, async ({ run: asked }, house): Promise<RunShown> => {
  const { database, ports } = house.parts
  const { parent: _parent, ...row } = await findRun(database, asked)
  const views = postgresRunViews(database)
  const [steps, events, quality] = await Promise.all([
    views.steps(row.run),
    views.events(row.run),
    ports.qualityReports.get(row.run),
  ])
  const otherSettings = row.configHash !== house.parts.configHash
  return { ...row, otherSettings, steps: inOrder(steps, house), events, quality: quality ?? null }
})

/** Offers the run's dead deliveries again and answers how many there were. */
export const retry = operation(runName, async ({ run: asked }, house) => {
  const { run } = await findRun(house.parts.database, asked)
  const replayed = await retryRun(house.parts, run)
  house.parts.onOffered()
  return { run, replayed }
})

function checkSession(calendar: TradingCalendar, date: Session, now: Instant, which: 'closed' | 'coming'): void {
  if (date < calendar.first || date > calendar.last) {
    throw new InputError(
      `--date ${date} is outside the calendar ${calendar.name}, ${calendar.first} to ${calendar.last}`,
    )
  }
  const completed = calendar.lastCompleted(now)
  if (!calendar.isSession(date)) {
    // What is decided on a closed day is traded on the next one; what has happened had happened by the one before.
    const near =
      which === 'coming'
        ? `the next one is ${calendar.onOrAfter(date)}`
        : `the one before it is ${calendar.previous(date)}`
    throw new InputError(`--date ${date} is no session of ${calendar.name}; ${near}`)
  }
  if (which === 'coming' && date > calendar.next(completed))
    throw new InputError(`--date ${date} is too early to decide; the next session is ${calendar.next(completed)}`)
  if (which === 'closed' && date > completed)
    throw new InputError(`--date ${date} has not closed yet; the last session that has is ${completed}`)
}

/** In the order of the table of contents, which is the order data moves in. */
function inOrder(steps: readonly RunStep[], house: House): RunStep[] {
  const place = new Map(house.registry.steps.map((step, i) => [step.name, i]))
  return [...steps].sort((a, b) => (place.get(a.step) ?? Infinity) - (place.get(b.step) ?? Infinity))
}
