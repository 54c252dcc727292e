import type { Mandate } from '../../mandate/mandate.ts'
import type { BarSeries } from '../../market/bar.ts'
import { isZero } from '../../money/decimal.ts'
import type { Signal } from '../../signals/signal.ts'
import { COVARIANCE_METHODS, type Construction, targetWeights } from '../construction/target-weights.ts'
import { estimateCovariance } from '../covariance/estimate-covariance.ts'
import { withinClassBands } from './asset-class-band.ts'
import { type Candidate, candidates } from './candidates.ts'
import { commonReturns } from './common-returns.ts'
import { heldShares } from './fund-weights.ts'
import type { Standing } from './standing.ts'
import type { StartingPoint } from './starting-point.ts'
import type { TargetWeight } from './target-weight.ts'
import { percentText } from './words.ts'

export interface TargetRequest {
  readonly point: StartingPoint
  readonly signals: readonly Signal[]
  readonly standing: (symbol: string) => Standing
  readonly rules: Mandate['portfolio']
  /** Bars restated for splits and dividends, up to the last close; only methods that need a covariance look at them. */
  readonly bars?: ReadonlyMap<string, BarSeries>
}

export type SetTargets =
  | TargetsSet
  /** The method cannot be used, and why: a fund must not be sold for that. */
  | { readonly refused: string }

export interface TargetsSet {
  /** Every held name and every one that gets a weight; largest first, then by symbol. */
  readonly targets: readonly TargetWeight[]
  /** The share of the fund that caps or missing candidates left without a place, beside the mandate's cash. */
  readonly unplaced: number
}

export function needsCovariance(method: Mandate['portfolio']['method']): boolean {
  return COVARIANCE_METHODS.some((name) => name === method)
}

/**
 * What the fund wants to hold: the candidates by the mandate's method, within its caps, `1 − cash` in all, and zero for whatever else is
 * held. A share that cannot be placed stays in cash and is said.
 */
export function setTargets({ point, signals, standing, rules, bars }: TargetRequest): SetTargets {
  const bySymbol = new Map(signals.map((signal) => [signal.symbol, signal]))
  const considered = candidates(point.names, bySymbol, standing, rules)
  const wanted = considered.filter((candidate) => candidate.signal !== undefined)
  const { members, construction, dropped } = constructionOf(wanted, rules, bars)
  const invest = 1 - rules.cash
  const zeros = considered
    .filter(({ name }) => !members.some((member) => member.name === name))
    .map((candidate) => weightless(candidate, dropped))
    .filter(({ name }) => !isZero(name.held))
    .map(({ name: { symbol, sector }, note }): TargetWeight => ({ symbol, sector, weight: 0, uncapped: 0, note }))
  if (members.length === 0 && wanted.length > 0) {
    return { refused: `None of ${wanted.length} names has the returns that ${rules.method} needs: run ingestion` }
  }
  if (members.length === 0 || construction === undefined) return { targets: inOrder(zeros), unplaced: invest }

  const symbols = members.map(({ name }) => name.symbol)
  const caps = { maxWeight: rules.nameCap, maxSector: rules.sectorCap }
  const sectors = members.map(({ name }) => name.sector)
  const uncapped = targetWeights({ ...construction, symbols, invest })
  const capped = targetWeights({ ...construction, symbols, invest, caps: { ...caps, sectors } })
  const classes = withinClassBands(
    members.map(({ name }, i) => ({ asset: name.asset, sector: name.sector, weight: capped.weights[i] })),
    {
      band: point.initialFunding ? 0 : rules.band.assetClass,
      current: heldShares(point, ({ asset }) => asset),
      caps,
      invest,
    },
  )
  const targets = members.map(({ name: { symbol, sector, asset }, note }, i): TargetWeight => {
    const before = uncapped.weights[i]
    const held = before > capped.weights[i] + 1e-9 ? `, ${percentText(before)} before caps` : ''
    const left = classes.notes.has(asset) ? `; ${classes.notes.get(asset)}` : ''
    return { symbol, sector, weight: classes.weights[i], uncapped: before, note: `${note}${held}${left}` }
  })
  return { targets: inOrder([...targets, ...zeros]), unplaced: capped.unplaced }
}

type Wanted = Extract<Candidate, { readonly multiple: number }>

interface Constructed {
  readonly members: readonly Wanted[]
  readonly construction: Construction | undefined
  /** Notes of those that the method cannot use. */
  readonly dropped: ReadonlyMap<string, string>
}

function constructionOf(
  wanted: readonly Wanted[],
  rules: Mandate['portfolio'],
  bars: ReadonlyMap<string, BarSeries> = new Map(),
): Constructed {
  const { method } = rules
  const dropped = new Map<string, string>()
  if (method === 'equal') return { members: wanted, construction: { method }, dropped }
  if (method === 'score-tilt') {
    const multipliers = Object.fromEntries(wanted.map(({ signal, multiple }) => [signal.band, multiple]))
    const scores = wanted.map(({ signal: { band, score } }) => ({ recommendation: band, score }))
    return { members: wanted, construction: { method, scores, multipliers }, dropped }
  }
  const common = commonReturns(
    wanted.map(({ name }) => bars.get(name.symbol)),
    rules.covarianceSessions,
  )
  const included = new Set(common?.included)
  for (const [i, { name }] of wanted.entries()) {
    if (!included.has(i)) dropped.set(name.symbol, `too short a history for ${method}`)
  }
  const members = wanted.filter((_, i) => included.has(i))
  const construction = common && { method, covariance: estimateCovariance(common.returns, rules.covariance) }
  return { members, construction, dropped }
}

function weightless(candidate: Candidate, dropped: ReadonlyMap<string, string>): Candidate {
  const note = dropped.get(candidate.name.symbol)
  return note === undefined ? candidate : { ...candidate, note }
}

function inOrder(targets: readonly TargetWeight[]): TargetWeight[] {
  return [...targets].sort((a, b) => b.weight - a.weight || (a.symbol < b.symbol ? -1 : 1))
}
