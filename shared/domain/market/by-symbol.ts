/** Groups what carries a symbol, symbols in the order of their first appearance, each group in the order given. */
export function bySymbol<Item extends { readonly symbol: string }>(items: Iterable<Item>): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(item.symbol)
    if (group) group.push(item)
    else groups.set(item.symbol, [item])
  }
  return groups
}
