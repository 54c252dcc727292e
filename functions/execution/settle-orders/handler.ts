import { buyingPower } from '../../../shared/domain/execution/buying-power.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { decimal } from '../../../shared/domain/money/decimal.ts'
import { OrdersFilled, SettlementOpened } from '../../../shared/events/execution.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Asks the broker what became of the open orders and notes it. The range reaches back to the first fill, should one have become known late. */
export default step({
  name: 'execution-settle-orders',
  on: SettlementOpened,
  emits: [OrdersFilled],
  uses: ['settings', 'orders', 'broker', 'ledger'],
  concurrency: 1,
  timeoutMs: 120_000,

  async run({ from, to, source }, { settings, orders, broker, ledger }) {
    const through = session(to)
    const open = (await orders.open(source, through)).filter((order) => order.broker === broker?.name)
    if (!broker || open.length === 0) return [OrdersFilled.of({ from, to, source, fills: 0, expired: 0 })]

    const funding = (await ledger.source()) === undefined ? decimal(settings.mandate.capital) : undefined
    const { cash } = await ledger.book(through)
    const [first] = open.map((order) => order.session).sort()
    const since = first < from ? first : session(from)
    const recorded = await ledger.entries(through, since)
    const before = await orders.fills(source, since, through)
    const power = buyingPower(cash, recorded, before, funding, first)
    const { fills, expired } = await broker.fills(open, through, power)
    await orders.fill(fills, expired)
    const [earliest = from] = [from, ...fills.map((fill) => fill.session)].sort()
    return [OrdersFilled.of({ from: earliest, to, source, fills: fills.length, expired: expired.length })]
  },
})
