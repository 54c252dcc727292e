import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { addDays, type Session, yearsBefore } from '../../../shared/domain/market/session.ts'
import { SETTINGS_FILE } from '../../wiring/settings-file.ts'
import type { Context } from './context.ts'
import { followPlan } from './follow-plan.ts'
import { homeFlag, printFund } from './fund-report.ts'
import { planWalk } from './fund-walk.ts'
import { openAndFollow, reportRun } from './run-flow.ts'
import { lastCompleted, rangeRequest } from './run-request.ts'
import { withState } from './state.ts'

/** Any number: the same market for everybody. */
const SEED = 20_260_105
const YEARS = 2
/** So long the fund is walked, so that there is something to look back on: a few rebalances, each settled and marked. */
const WALKED_DAYS = 180

/** Adds `demo`: two years of a simulated market, and a fund that lived through the last months of them. */
export function registerDemo(program: Command, context: Context): void {
  program
    .command('demo')
    .description('Runs the whole chain over two years of a simulated market, to a rebalance; nothing of it is real.')
    .addHelpText('after', '\nIts state lies in .edgefund/demo unless --home or EDGEFUND_HOME names another folder.')
    .action(async () => {
      const config = context.config()
      // Beside the real state, unless somebody named a folder for it.
      const home = context.homeIsNamed() ? config.home : join(config.home, 'demo')
      const inDemo: Context = { ...context, config: () => ({ ...config, home }) }
      const to = lastCompleted(undefined, Date.now()) as Session
      const from = yearsBefore(to, YEARS)
      const { io } = context
      io().stderr(`Two years of a simulated market, ${from} to ${to}, into ${home}\n`)
      settle(home)
      const { shown, runs, fund } = await withState(inDemo, 'demo', async (operations) => {
        const ingestion = { workflow: 'ingestion', ...rangeRequest(from, to, {}) }
        const fetched = await openAndFollow(inDemo, operations, ingestion)
        if (fetched?.state === 'failed') return { shown: fetched, runs: [], fund: null }
        const walked = await followPlan(inDemo, operations, planWalk(addDays(to, -WALKED_DAYS), to, undefined))
        return { shown: fetched, runs: walked, fund: await operations.call('fund-summary', {}) }
      })
      if (runs.length === 0) return reportRun(inDemo, shown)
      printFund(inDemo, runs, fund)
      if (!io().json) io().stdout(whatNext(home, shown?.run))
    })
}

/** The demo's own settings lie in its home, so that whatever is run there later looks at the same market. */
function settle(home: string): void {
  const file = join(home, SETTINGS_FILE)
  if (existsSync(file)) return
  mkdirSync(home, { recursive: true })
  writeFileSync(file, `# The demo's market: nothing of it is real.\nprovider: { name: simulated, seed: ${SEED} }\n`)
}

function whatNext(home: string, run: string | undefined): string {
  const at = homeFlag(home)
  return `
What next:
  npx edgefund up${at}      the console at http://127.0.0.1:8080/function/console/, until stopped
  npx edgefund positions${at}
  npx edgefund runs list${at}
  npx edgefund trail ${run}${at}
  npx edgefund export bars --out bars.csv --symbols AAPL,MSFT --adjusted total${at}
  npx edgefund run all                  the same around the last session, into .edgefund, by edgefund.yaml and mandate.yaml
  npx edgefund doctor
`
}
