import type { Verdict } from '../../../shared/domain/market/quality-verdict.ts'
import type { QualityReport } from '../../../shared/ports/ingestion-stores.ts'
import type { RunShown } from '../operations/runs.ts'
import { duration } from './human.ts'
import { type Io, printJson } from './output.ts'
import { textTable } from './text-table.ts'

/** Findings are many on a bad day; these are the worst. */
const WORST = 5
const SEVERITY: Readonly<Record<Verdict, number>> = { FAIL: 0, WARN: 1, PASS: 2 }

/** Prints a run: how it ended, its steps, and what came of the data. */
export function printRun(io: Io, run: RunShown): void {
  if (io.json) printJson(io, run)
  else io.stdout(runText(run))
}

export function runText(run: RunShown): string {
  const time = run.seconds === null ? '' : ` in ${duration(run.seconds)}`
  const reason = run.reason === null ? '' : `: ${run.reason}`
  const steps = run.steps.map((step) => [
    step.step,
    step.done,
    step.dead,
    step.waiting + step.running,
    step.attempts,
    step.seconds === null ? null : duration(step.seconds),
  ])
  const open = run.steps.flatMap(({ step, waiting, running, dead, reasons }) =>
    waiting + running + dead > 0 ? reasons.map((text) => `${step}: ${text}\n`) : [],
  )
  return [
    `${run.run} ${run.state}${time}${reason}\n\n`,
    textTable(['step', 'done', 'dead', 'open', 'attempts', 'time'], steps),
    ...(open.length > 0 ? ['\n', ...open] : []),
    ...(run.quality ? ['\n', qualityText(run.quality)] : []),
  ].join('')
}

function qualityText(report: QualityReport): string {
  const { verdict, score, good, expected, stored, archived, source, reasons } = report
  const simulated = source.startsWith('simulated') ? 'SIMULATED data, nothing of it is real. ' : ''
  const worst = report.symbols
    .filter((symbol) => symbol.verdict !== 'PASS' || symbol.quarantined > 0)
    .sort(
      (a, b) => SEVERITY[a.verdict] - SEVERITY[b.verdict] || b.quarantined - a.quarantined || b.warnings - a.warnings,
    )
  const rows = worst
    .slice(0, WORST)
    .map((symbol) => [symbol.symbol, symbol.verdict, symbol.quarantined, symbol.warnings, symbol.reason])
  const more = worst.length > WORST ? `  and ${worst.length - WORST} more\n` : ''
  return [
    `${simulated}Quality ${verdict}, score ${score.toFixed(4)}: ${good} of ${expected} expected bars are good.\n`,
    `${stored} rows stored, ${archived} archived, source ${source}, ${report.from} to ${report.to}.\n`,
    ...reasons.map((text) => `  ${text}\n`),
    ...(rows.length > 0
      ? [textTable(['symbol', 'verdict', 'quarantined', 'warnings', 'reason'], rows, '  '), more]
      : []),
  ].join('')
}
