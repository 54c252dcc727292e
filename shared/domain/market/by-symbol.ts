import { groupBy } from '../group-by.ts'

/** Groups what carries a symbol, symbols in the order of their first appearance, each group in the order given. */
export function bySymbol<Item extends { readonly symbol: string }>(items: Iterable<Item>): Map<string, Item[]> {
  return groupBy(items, ({ symbol }) => symbol)
}
