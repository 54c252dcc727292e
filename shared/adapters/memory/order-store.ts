import type { BrokerOrder, Fill } from '../../ports/broker.ts'
import type { OrderState, OrderStore } from '../../ports/order-store.ts'

interface Kept {
  readonly order: BrokerOrder
  readonly run: string
  readonly broker: string
  state: OrderState
  readonly fills: Map<string, Fill>
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Orders and their fills in this process. */
export function memoryOrderStore(): OrderStore {
  const kept = new Map<string, Kept>()
  const fillsOf = ({ fills }: Kept) => [...fills.values()].sort((a, b) => compareText(a.execution, b.execution))
  return {
    async submit(run, broker, orders) {
      const made = orders.filter(({ id }) => !kept.has(id))
      for (const order of made) {
        for (const other of kept.values()) {
          const earlier =
            other.run !== run && other.order.source === order.source && other.order.session <= order.session
          if (earlier && other.state === 'submitted') other.state = 'expired'
        }
      }
      for (const order of made) kept.set(order.id, { order, run, broker, state: 'submitted', fills: new Map() })
    },
    async open(source, through) {
      return [...kept.values()]
        .filter(({ order, state }) => state === 'submitted' && order.source === source && order.session <= through)
        .map(({ order, broker }) => ({ ...order, broker }))
        .sort((a, b) => compareText(a.session, b.session) || compareText(a.id, b.id))
    },
    async fill(fills, expired) {
      for (const fill of fills) {
        const order = kept.get(fill.order)
        if (!order) throw new RangeError(`Fill of order "${fill.order}", which nobody was given`)
        if (!order.fills.has(fill.execution)) order.fills.set(fill.execution, fill)
        order.state = 'filled'
      }
      for (const id of expired) {
        const order = kept.get(id)
        if (order) order.state = 'expired'
      }
    },
    async fills(source, from, to) {
      return [...kept.values()]
        .filter(({ order }) => order.source === source)
        .flatMap(fillsOf)
        .filter(({ session }) => session >= from && session <= to)
        .sort(
          (a, b) =>
            compareText(a.session, b.session) || compareText(a.order, b.order) || compareText(a.execution, b.execution),
        )
    },
    async order(id) {
      const found = kept.get(id)
      return found && { broker: found.broker, state: found.state, fills: fillsOf(found) }
    },
  }
}
