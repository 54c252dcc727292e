import { join, relative } from 'node:path'
import type { Config } from '../../../shared/runtime/config.ts'
import type { FundSummary } from '../operations/fund.ts'
import type { Context } from './context.ts'
import type { PlannedRun } from './follow-plan.ts'
import { duration } from './human.ts'
import { printJson } from './output.ts'
import { textTable } from './text-table.ts'

/** More refusals than this are counted, not listed. */
const MOST_REASONS = 5

/** Prints what a plan's runs came to, and how the fund stands after them. */
export function printFund(context: Context, runs: readonly PlannedRun[], fund: FundSummary | null): void {
  const io = context.io()
  if (io.json) printJson(io, { runs, fund })
  else io.stdout(`${runsText(runs)}${fund ? `\n${fundText(fund, context.config())}` : ''}`)
}

/** A line a workflow, then why months were left out. */
export function runsText(runs: readonly PlannedRun[]): string {
  const workflows = [...new Set(runs.map(({ workflow }) => workflow))]
  const rows = workflows.map((workflow) => {
    const own = runs.filter((run) => run.workflow === workflow)
    const count = (state: string) => own.filter((run) => run.state === state).length
    const seconds = own.reduce((sum, run) => sum + run.seconds, 0)
    return [workflow, own.length, count('ok'), count('partial'), count('failed'), duration(seconds)]
  })
  const failed = runs.filter(({ state }) => state === 'failed')
  const reasons = failed.slice(0, MOST_REASONS).map(({ run, reason }) => `  ${run}: ${reason ?? 'failed'}\n`)
  const more = failed.length > MOST_REASONS ? `  and ${failed.length - MOST_REASONS} more\n` : ''
  return [textTable(['workflow', 'runs', 'ok', 'partial', 'failed', 'time'], rows), ...reasons, more].join('')
}

export function fundText(fund: FundSummary, config: Pick<Config, 'home' | 's3'>): string {
  const lines: string[] = []
  const simulated = fund.source === 'simulated' ? 'SIMULATED market, nothing of it is real. ' : ''
  if (fund.session !== null) {
    lines.push(
      `${simulated}After ${fund.session}: worth ${fund.value} USD, ${fund.cash} of it in cash, ${fund.positions} positions.`,
    )
    lines.push(...fund.figures.map(figureText))
  }
  lines.push(...fund.openAlerts.map(({ severity, message }) => `  ${severity}: ${message}`))
  const { rebalance } = fund
  if (rebalance) {
    const { session, orders, suppressed, turnover, costs } = rebalance
    lines.push(
      `Rebalance of ${session}: ${orders} orders, ${suppressed} considered and not made, turnover ${(100 * turnover).toFixed(2)} %, expected costs ${costs} USD. Nothing was sent.`,
      `  order report  ${place(rebalance.report, config)}`,
    )
  }
  if (fund.daily !== null) lines.push(`  daily report  ${place(fund.daily, config)}`)
  if (rebalance?.largest)
    lines.push('', `Why this order?  npx edgefund explain ${rebalance.largest}${homeFlag(config.home)}`)
  return `${lines.join('\n')}\n`
}

function figureText(figure: FundSummary['figures'][number]): string {
  if ('insufficient' in figure) {
    return `  ${figure.name.padEnd(18)} insufficient data (${figure.n} of ${figure.needed} observations)`
  }
  return `  ${figure.name.padEnd(18)} ${figure.value.toFixed(4)}  (n ${figure.n})`
}

/** Where a person opens an object: a file in the home, or its address in the bucket. */
function place(key: string, { home, s3 }: Pick<Config, 'home' | 's3'>): string {
  if (s3) return `s3://${s3.bucket}/${key}`
  const file = join(home, 'objects', key)
  const nearby = relative(process.cwd(), file)
  return nearby.startsWith('..') ? file : nearby
}

/** What must be said of a home that is not the one everybody finds. */
export function homeFlag(home: string): string {
  const nearby = relative(process.cwd(), home)
  if (nearby === '.edgefund') return ''
  return ` --home ${nearby.startsWith('..') ? home : nearby || '.'}`
}
