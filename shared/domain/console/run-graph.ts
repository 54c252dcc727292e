/** Where the steps of a run are drawn: rows in the order data moves, each step below all that woke it. */
export interface RunGraph {
  readonly places: readonly GraphPlace[]
  /** Each pair of steps once, whatever was said between them. */
  readonly links: readonly GraphLink[]
  readonly rows: number
  /** Steps in the widest row. */
  readonly columns: number
}

export interface GraphPlace {
  readonly step: string
  readonly row: number
  /** From 0 at the left of its row. */
  readonly column: number
  /** Steps in its row. */
  readonly of: number
}

export interface GraphLink {
  readonly from: string
  readonly to: string
  readonly subjects: readonly string[]
}

interface Edge {
  readonly from: string
  readonly subject: string
  readonly to: string
}

/**
 * Lays out the steps of a run, given in the order they were woken first. A step that also wakes an earlier one is drawn so, without moving it.
 * Edges of other steps, such as what opened the run, are left out.
 */
export function runGraph(steps: readonly string[], edges: readonly Edge[]): RunGraph {
  const order = new Map(steps.map((step, i) => [step, i]))
  const links = new Map<string, { from: string; to: string; subjects: string[] }>()
  for (const { from, to, subject } of edges) {
    if (!order.has(from) || !order.has(to)) continue
    const key = `${from} ${to}`
    const link = links.get(key) ?? { from, to, subjects: [] }
    if (!link.subjects.includes(subject)) link.subjects.push(subject)
    links.set(key, link)
  }
  const rows = new Map<string, number>()
  for (const step of steps) {
    const above = [...links.values()].filter(({ from, to }) => to === step && before(order, from, step))
    rows.set(step, Math.max(-1, ...above.map(({ from }) => rows.get(from) ?? 0)) + 1)
  }
  const inRow = (row: number) => steps.filter((step) => rows.get(step) === row)
  const count = steps.length === 0 ? 0 : Math.max(...rows.values()) + 1
  const places = Array.from({ length: count }, (_, row) => inRow(row)).flatMap((found, row) =>
    found.map((step, column) => ({ step, row, column, of: found.length })),
  )
  return { places, links: [...links.values()], rows: count, columns: Math.max(0, ...places.map(({ of }) => of)) }
}

function before(order: ReadonlyMap<string, number>, a: string, b: string): boolean {
  return (order.get(a) ?? 0) < (order.get(b) ?? 0)
}
