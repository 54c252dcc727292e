import { INTERVAL_MS, type Interval } from './bar.ts'
import { type Finding, severityOf } from './quality-rules.ts'
import { DAY_MS, sessionToMs } from './session.ts'
import type { TradingCalendar } from './trading-calendar.ts'

/** Counts and reports the sessions without a bar, told the bars' times in ascending order. */
export class GapSearch {
  missingBars = 0
  private last = Number.NaN
  private readonly symbol: string
  private readonly interval: Interval
  private readonly findings: Finding[]
  private readonly calendar: TradingCalendar | undefined

  constructor(symbol: string, interval: Interval, findings: Finding[], calendar: TradingCalendar | undefined) {
    this.symbol = symbol
    this.interval = interval
    this.findings = findings
    this.calendar = calendar
  }

  startAt(date: number): void {
    this.last = date - DAY_MS
  }

  endAt(date: number): void {
    this.bar(date + DAY_MS)
  }

  bar(at: number): void {
    // Bars of one date or of neighbouring ones have no session between them.
    if (this.calendar && at - this.last > DAY_MS) this.hole(this.calendar, at)
    this.last = at
  }

  private hole(calendar: TradingCalendar, at: number): void {
    const before = calendar.ordinal(this.last)
    const missing = calendar.ordinal(at - DAY_MS) - before
    for (let i = 1; i <= missing; i++) {
      const session = calendar.sessionAt(before + i)
      const length = calendar.closeAt(session) - calendar.openAt(session)
      this.missingBars += this.interval === '1d' ? 1 : Math.ceil(length / INTERVAL_MS[this.interval])
      this.findings.push({
        symbol: this.symbol,
        at: sessionToMs(session),
        rule: 'gap',
        severity: severityOf('gap'),
        detail: missing === 1 ? 'no bar for this session' : `no bar for this session, ${i} of ${missing} in a row`,
      })
    }
  }
}
