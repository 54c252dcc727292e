import type { CorporateAction } from '../../domain/market/corporate-action.ts'
import { restateDividendsToRaw } from '../../domain/market/restate-dividends.ts'
import { DAY_MS, sessionToMs } from '../../domain/market/session.ts'
import { InputError } from '../../ports/errors.ts'

const SAME_RATIO = 0.001
const SAME_EVENT_DAYS = 5

/** Which of the actions to take, and what their dividends are. */
export interface ActionsChoice {
  readonly source?: string
  readonly dividends?: 'raw' | 'split-adjusted'
}

/**
 * One list of the symbols' actions out of a file that may hold several sources'. One source, or the chosen one: its splits and dividends, cash
 * restated to what was paid when it is declared split-adjusted. Several and none chosen: the splits on which nobody disagrees
 * (ratios within 0.1 % on one date; a split only one source has is fine) and no dividends, because the sources may count them on
 * different shares. Answers are ascending by date, each event once, still under the source's own name; `notice` hears what was left open.
 * @throws InputError when the chosen source is not in the file, or splits contradict each other: another ratio, or another date, within
 *   five days.
 */
export function reconcileActions(
  all: readonly CorporateAction[],
  symbols: { has(symbol: string): boolean },
  choice: ActionsChoice,
  file: string,
  notice: (text: string) => void,
): CorporateAction[] {
  const own = all.filter((action) => symbols.has(action.symbol))
  const sources = [...new Set(all.map((action) => action.source))].sort()
  if (choice.source !== undefined && !sources.includes(choice.source)) {
    const known = sources.filter((source) => source !== '').join(', ')
    throw new InputError(`${file} has no actions of the source "${choice.source}", it has ${known || 'no sources'}`)
  }
  if (choice.source === undefined && sources.length > 1) {
    const dividends = own.filter((action) => action.type === 'dividend').length
    if (dividends > 0) {
      notice(
        `${file}: ${dividends} dividends are left out, because ${sources.join(', ')} each have their own: choose one with ` +
          '--actions-source, and say with --dividends whether its cash is raw or split-adjusted',
      )
    }
    return agreedSplits(own, file)
  }

  const chosen = choice.source === undefined ? own : own.filter((action) => action.source === choice.source)
  const splits = agreedSplits(chosen, file)
  const taken = [...splits, ...onePerDate(chosen.filter((action) => action.type === 'dividend'))]
  const restated = restateDividendsToRaw(taken)
  if (choice.dividends === 'split-adjusted') return byDate(restated)
  const differing = restated.filter((action, position) => action.value !== taken[position].value)
  if (choice.dividends === undefined && differing.length > 0) {
    notice(
      `${file}: dividends are taken as cash as paid (${differing.length} of them precede a split); if they are restated for later ` +
        'splits, say so with --dividends split-adjusted',
    )
  }
  return byDate(taken)
}

/** The splits, each once, by the value with the fewest digits (7 rather than 7.00000700001). */
function agreedSplits(actions: readonly CorporateAction[], file: string): CorporateAction[] {
  const latest = new Map<string, CorporateAction>()
  const agreed: CorporateAction[] = []
  for (const split of byDate(actions.filter((action) => action.type === 'split'))) {
    const known = latest.get(split.symbol)
    const days = known ? (sessionToMs(split.exDate) - sessionToMs(known.exDate)) / DAY_MS : Number.POSITIVE_INFINITY
    if (known && days <= SAME_EVENT_DAYS) {
      const sameRatio = Math.abs(split.value / known.value - 1) <= SAME_RATIO
      if (days > 0 || !sameRatio) {
        throw new InputError(
          `${file}: the splits ${named(known)} and ${named(split)} contradict each other: choose with --actions-source, or mend the file`,
        )
      }
      if (String(split.value).length >= String(known.value).length) continue
      agreed[agreed.indexOf(known)] = split
    } else {
      agreed.push(split)
    }
    latest.set(split.symbol, split)
  }
  return agreed
}

function named({ symbol, exDate, value, source }: CorporateAction): string {
  return `${symbol} ${exDate} ${value}${source === '' ? '' : ` (${source})`}`
}

/** One dividend a date: what is said twice counts once, different payments (a regular and a special one) add up. */
function onePerDate(dividends: readonly CorporateAction[]): CorporateAction[] {
  const payments = new Map(dividends.map((action) => [`${action.symbol} ${action.exDate} ${action.value}`, action]))
  const dates = new Map<string, CorporateAction>()
  for (const action of payments.values()) {
    const key = `${action.symbol} ${action.exDate}`
    dates.set(key, { ...action, value: action.value + (dates.get(key)?.value ?? 0) })
  }
  return [...dates.values()]
}

function byDate(actions: readonly CorporateAction[]): CorporateAction[] {
  return [...actions].sort((a, b) => (a.exDate < b.exDate ? -1 : a.exDate > b.exDate ? 1 : 0))
}
