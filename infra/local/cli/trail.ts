import type { Command } from 'commander'
import type { TrailLine } from '../../../shared/ports/run-views.ts'
import type { Context } from './context.ts'
import { printJson } from './output.ts'
import { withState } from './state.ts'
import { textTable } from './text-table.ts'

/** Adds `trail`: every event of a run in the order it was said. */
export function registerTrail(program: Command, context: Context): void {
  program
    .command('trail')
    .description('Shows every event of a run in order: who said it, what caused it, what it carried.')
    .argument('<run>', 'its name, or its key for short')
    .addHelpText('after', '\nCauses are the ids of earlier events in the same list.')
    .action(async (run: string) => {
      const events = await withState(context, 'trail', async (operations) => {
        const all: TrailLine[] = []
        for (let from: number | null = 0; from !== null; ) {
          const page: { events: readonly TrailLine[]; next: number | null } = await operations.call('trail', {
            run,
            from,
          })
          all.push(...page.events)
          from = page.next
        }
        return all
      })
      const io = context.io()
      if (io.json) return printJson(io, events)
      const rows = events.map((event) => [
        event.said_at.slice(11, 23),
        event.event,
        event.subject,
        event.part,
        event.step,
        event.cause,
        JSON.stringify(event.data),
      ])
      io.stdout(textTable(['said', 'event', 'subject', 'part', 'step', 'cause', 'data'], rows))
    })
}
