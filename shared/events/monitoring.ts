import { z } from 'zod'
import { event } from './event.ts'

const count = z.number().int().nonnegative()
/** Sessions, both inclusive, that are marked in one go. */
const range = z.object({ from: z.iso.date(), to: z.iso.date(), source: z.string() })

export const DayOpened = event('monitoring.day.opened', range)

/** Each session of the range has a snapshot of the portfolio and a mark of every position. */
export const PortfolioMarked = event(
  'monitoring.portfolio.marked',
  range.extend({ sessions: count, value: z.string(), cash: z.string() }),
)

/** There is nothing to mark yet: nobody has paid in and nothing is held. */
export const NothingHeld = event('monitoring.portfolio.found_empty', range, { final: true })

/** The figures as of the last session of the range are stored. */
export const RiskMeasured = event('monitoring.risk.measured', range.extend({ figures: count, insufficient: count }))

export const AlertsJudged = event(
  'monitoring.alerts.judged',
  range.extend({ raised: count, resolved: count, open: count }),
)

const alert = z.object({
  session: z.iso.date(),
  /** Names the condition and what it is about, such as `name-weight:AAPL`. */
  alert: z.string(),
  severity: z.enum(['critical', 'warning']),
  message: z.string(),
})

/** A threshold of the mandate is crossed; said once until it is resolved. */
export const AlertRaised = event('monitoring.alert.raised', alert, { final: true })
export const AlertResolved = event('monitoring.alert.resolved', alert, { final: true })

export const DailyReportPublished = event(
  'monitoring.report.published',
  range.extend({ html: z.string(), json: z.string() }),
  { final: true },
)

export const monitoringParams = z.strictObject({
  from: z.iso.date().optional(),
  to: z.iso.date().optional(), // inclusive
  source: z.string().optional(),
})
