import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { compare, negate, toText, ZERO } from '../../../shared/domain/money/decimal.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import type { Context } from './context.ts'
import { readExact } from './exact-cells.ts'
import { printJson } from './output.ts'
import { dateFlag } from './run-request.ts'
import { countFlag } from './runs.ts'
import { withState } from './state.ts'
import { textTable } from './text-table.ts'

interface MoveFlags {
  readonly date?: string
  readonly reason?: string
  readonly id?: string
  readonly source?: string
}

const HELP = `
Cash counts as there before the session of its date opens; without a date, the next session to close. With --id the same movement
is recorded once, however often it is asked for; without it every call is a new one.`

/** Adds `cash [show]`, `cash deposit` and `cash withdraw`: money from outside. */
export function registerCash(program: Command, context: Context): void {
  const cash = program.command('cash').description('The cash, and money paid in or taken out.')
  cash
    .command('show', { isDefault: true })
    .summary('the balance and the last movements')
    .description('Shows the balance and what moved it last, the newest first.')
    .option('--limit <N>', 'at most so many movements', '20')
    .action((flags: { readonly limit: string }) => show(context, flags.limit))
  for (const verb of ['deposit', 'withdraw'] as const) {
    cash
      .command(verb)
      .summary(verb === 'deposit' ? 'pay cash in' : 'take cash out')
      .description(verb === 'deposit' ? 'Records cash paid in.' : 'Records cash taken out; no more than there is.')
      .argument('<AMOUNT>', 'in the base currency, to the cent')
      .option('--date <D>', 'session that it counts in')
      .option('--reason <TEXT>', 'why, in words', verb === 'deposit' ? 'deposit' : 'withdrawal')
      .option('--id <ID>', 'names the movement, so that it is recorded once')
      .option('--source <S>', "whose prices the book is kept in (default: the book's own, or the settings')")
      .addHelpText('after', HELP)
      .action((amount: string, flags: MoveFlags) => move(context, verb, amount, flags))
  }
}

async function show(context: Context, text: string): Promise<void> {
  const limit = countFlag('--limit', text)
  const { balance, movements } = await withState(context, 'cash show', (operations) =>
    operations.call('cash-show', { limit }),
  )
  const io = context.io()
  if (io.json) return printJson(io, { balance, movements })
  io.stdout(`balance ${balance}\n`)
  if (movements.length === 0) return
  const rows = movements.map(({ session, kind, of, amount }) => [session, kind, amount, of])
  io.stdout(textTable(['session', 'kind', 'amount', 'of'], rows))
}

async function move(context: Context, verb: 'deposit' | 'withdraw', text: string, flags: MoveFlags): Promise<void> {
  const amount = readExact(text, verb)
  if (compare(amount, ZERO) <= 0 || !/^\d+(\.\d{1,2})?$/.test(toText(amount))) {
    throw new InputError(`${verb} "${text}", expected an amount above 0 with at most two decimals`)
  }
  const { reason = verb, id = randomUUID(), source } = flags
  const date = dateFlag('--date', flags.date)
  const moved = await withState(context, `cash ${verb}`, (operations) =>
    operations.call('cash-move', {
      amount: toText(verb === 'deposit' ? amount : negate(amount)),
      id,
      reason,
      ...(date !== undefined && { date }),
      ...(source !== undefined && { source }),
    }),
  )
  const io = context.io()
  if (io.json) return printJson(io, { id, ...moved })
  const told = moved.recorded > 0 ? `Recorded for ${moved.session}` : `The movement ${id} was recorded before`
  io.stdout(`${told}; cash ${moved.cash}\n`)
}
