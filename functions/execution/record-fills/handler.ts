import { actionsBetween, settleBook } from '../../../shared/domain/execution/settle-book.ts'
import { positionsHeld } from '../../../shared/domain/ledger/fold-book.ts'
import { instrumentOf } from '../../../shared/domain/market/instrument.ts'
import { addDays, LAST_DAY, type Session, session } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { decimal, toText } from '../../../shared/domain/money/decimal.ts'
import { standings } from '../../../shared/domain/portfolio/rebalancing/standing.ts'
import { BookRecorded, OrdersFilled } from '../../../shared/events/execution.ts'
import { readDailyBars } from '../../../shared/runtime/daily-bars.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Enough to find a bar, and with it the basis, of a symbol that did not trade on the day. */
const SESSIONS_BEFORE = 5

/** Takes the sessions' splits, dividends and trades into the ledger, session by session, and with them the positions. */
export default step({
  name: 'execution-record-fills',
  on: OrdersFilled,
  emits: [BookRecorded],
  uses: ['settings', 'ledger', 'orders', 'corporateActions', 'barHistory'],
  concurrency: 1,
  timeoutMs: 120_000,

  async run({ from: first, to: last, source }, { settings, ledger, orders, corporateActions, barHistory }) {
    const { capital, universe } = settings.mandate
    const mayAdd = (symbol: string, on: Session) => standings(universe, on)(symbol).standing === 'free'
    const income = { ...settings.mandate.income, mayAdd }
    const [from, to] = [session(first), session(last)]
    const before = await ledger.book(addDays(from, -1))
    const recorded = await ledger.entries(to, from)
    const fills = await orders.fills(source, from, to)
    const moved = [...positionsHeld(before), ...recorded, ...fills]
    const symbols = new Set(moved.flatMap((one) => ('symbol' in one ? [one.symbol] : [])))
    // Prices restated for splits carry every later one, so the splits to come are read, too.
    const actions = await corporateActions.read([...symbols], source, LAST_DAY)
    const acted = new Set(actionsBetween(actions, from, to).map(({ symbol }) => symbol))
    const bars = await readDailyBars(barHistory, {
      source,
      instruments: [...acted].map(instrumentOf),
      through: to,
      sessions: tradingCalendar('XNYS').count(from, to) + SESSIONS_BEFORE,
      adjusted: 'none',
    })
    const funding = (await ledger.source()) === undefined ? decimal(capital) : undefined
    const { added, book } = settleBook({ from, to, before, recorded, fills, actions, bars, income, funding })
    if (added.length > 0) await ledger.record(source, added)

    const count = (kind: (typeof added)[number]['kind']) => added.filter((entry) => entry.kind === kind).length
    const counts = { splits: count('split'), dividends: count('dividend'), trades: count('trade') }
    const positions = positionsHeld(book).length
    return [BookRecorded.of({ from, to, source, ...counts, positions, cash: toText(book.cash) })]
  },
})
