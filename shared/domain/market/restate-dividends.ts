import type { CorporateAction } from './corporate-action.ts'

/**
 * By what the share count has multiplied since an action's ex-date: the product of the symbol's split ratios with a
 * strictly later ex-date, 1 when there is none. A split of the same day does not count (the cash is quoted per new
 * share), nor does one whose ratio is not a positive number. Order of the actions does not matter.
 */
export function laterSplitRatios(actions: readonly CorporateAction[]): (action: CorporateAction) => number {
  const splits = new Map<string, { exDate: string; ratioFrom: number }[]>()
  for (const action of actions) {
    if (action.type !== 'split' || !(action.value > 0 && Number.isFinite(action.value))) continue
    const list = splits.get(action.symbol) ?? []
    list.push({ exDate: action.exDate, ratioFrom: action.value })
    splits.set(action.symbol, list)
  }
  for (const list of splits.values()) {
    list.sort((a, b) => (a.exDate < b.exDate ? -1 : a.exDate > b.exDate ? 1 : 0))
    for (let i = list.length - 2; i >= 0; i--) list[i].ratioFrom *= list[i + 1].ratioFrom
  }
  return ({ symbol, exDate }) => splits.get(symbol)?.find((split) => split.exDate > exDate)?.ratioFrom ?? 1
}

/**
 * Dividends quoted on today's share count (Yahoo's convention) as the cash that was paid: times all later splits of the
 * list. Splits and order stay as they are.
 */
export function restateDividendsToRaw(actions: readonly CorporateAction[]): CorporateAction[] {
  const laterRatio = laterSplitRatios(actions)
  return actions.map((action) =>
    action.type === 'dividend' ? { ...action, value: action.value * laterRatio(action) } : action,
  )
}
