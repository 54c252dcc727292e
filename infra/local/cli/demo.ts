import { join, relative } from 'node:path'
import type { Command } from 'commander'
import type { Context } from './context.ts'
import { openAndFollow, reportRun } from './run-flow.ts'
import { lastCompleted, rangeRequest } from './run-request.ts'
import { withState } from './state.ts'

/** Any number: the same market for everybody. */
const SEED = 20_260_105
const YEARS = 2

/** Adds `demo`: two years of a simulated market, from the first payload to the stored bars. */
export function registerDemo(program: Command, context: Context): void {
  program
    .command('demo')
    .description('Runs the chain over two years of a simulated market; nothing of it is real.')
    .addHelpText('after', '\nIts state lies in .edgefund/demo unless --home or EDGEFUND_HOME names another folder.')
    .action(async () => {
      const config = context.config()
      // Beside the real state, unless somebody named a folder for it.
      const home = context.homeIsNamed() ? config.home : join(config.home, 'demo')
      const inDemo: Context = { ...context, config: () => ({ ...config, home }) }
      const to = lastCompleted(undefined, Date.now())
      const from = `${Number(to.slice(0, 4)) - YEARS}${to.slice(4).replace('02-29', '02-28')}`
      const request = rangeRequest(from, to, { provider: { name: 'simulated', seed: SEED } })
      context.io().stderr(`Two years of a simulated market, ${from} to ${to}, into ${home}\n`)
      const shown = await withState(inDemo, 'demo', (operations) =>
        openAndFollow(inDemo, operations, { workflow: 'ingestion', ...request }),
      )
      reportRun(inDemo, shown)
      if (shown && !context.io().json) context.io().stdout(whatNext(home, shown.run))
    })
}

function whatNext(home: string, run: string): string {
  const nearby = relative(process.cwd(), home)
  const at = `--home ${nearby.startsWith('..') ? home : nearby || '.'}`
  return `
What next:
  npx edgefund trail ${run} ${at}
  npx edgefund export bars --out bars.csv --symbols AAPL,MSFT --adjusted total ${at}
  npx edgefund objects ls ${at}
  npx edgefund run ingestion          the last session, into .edgefund, by the settings in edgefund.yaml
  npx edgefund up                     the gateway and the schedules, until stopped
  npx edgefund doctor
`
}
