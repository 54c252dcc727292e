import { type Session, sessionToMs } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { decimal } from '../../../shared/domain/money/decimal.ts'
import type { Figure, PositionMark, Snapshot } from '../../../shared/domain/monitoring/snapshot.ts'
import type { ConsideredTrade } from '../../../shared/domain/portfolio/considered-trade.ts'
import type { StartingPoint } from '../../../shared/domain/portfolio/rebalancing/starting-point.ts'
import type { ComponentScore, Signal } from '../../../shared/domain/signals/signal.ts'
import type { RankedStock } from '../../../shared/domain/universe/ranked-stock.ts'
import type { OrderReport, TargetWeight } from '../../../shared/ports/rebalance-store.ts'

/** A wave that needs no chance: the same fund every time. */
export const wave = (i: number, period: number) => Math.sin((i / period) * 2 * Math.PI)

export const LAST = '2026-11-13' as Session
export const SOURCE = 'simulated'
export const REBALANCE = 'portfolio:2026-11-02'
export const SIGNALS = 'signals:2026-11-08'
export const UNIVERSE = 'universe:2026-11-06'

export const calendar = tradingCalendar('XNYS')

export function sessionsBack(count: number): Session[] {
  const last = calendar.ordinal(sessionToMs(LAST))
  return Array.from({ length: count }, (_, i) => calendar.sessionAt(last - count + 1 + i))
}

const money = (value: number) => decimal(value.toFixed(2))

export function madeSnapshots(count: number): Snapshot[] {
  const returns = Array.from({ length: count }, (_, i) => 0.0004 + 0.008 * wave(i, 37) + 0.006 * wave(i * i, 997))
  let value = 1_000_000
  return sessionsBack(count).map((session, i) => {
    const profit = value * returns[i]
    value += profit
    return {
      session,
      value: money(value),
      cash: money(value * 0.05),
      invested: money(value * 0.95),
      flow: money(i === 0 ? 1_000_000 : 0),
      income: money(i % 20 === 0 ? 812.5 : 0),
      realised: money(i % 21 === 0 ? 1_204.11 : 0),
      unrealised: money(profit),
      fees: money(i % 21 === 0 ? 31.2 : 0),
      costs: money(i % 21 === 0 ? 120.7 : 0),
      profit: money(profit),
      return: returns[i],
      benchmarkReturn: i % 300 === 7 ? undefined : 0.0003 + 0.009 * wave(i + 5, 41),
      turnover: i % 21 === 0 ? 0.03 : 0,
      positions: 24,
    }
  })
}

export interface Name {
  readonly symbol: string
  readonly sector: string
}

export function madeMarks(names: readonly Name[]): PositionMark[] {
  return names.slice(0, 24).map(({ symbol, sector }, i) => ({
    session: LAST,
    symbol,
    sector,
    quantity: decimal(120 + i),
    averageCost: decimal(90 + i),
    price: decimal(100 + i),
    priceAge: i === 3 ? 2 : 0,
    value: decimal((120 + i) * (100 + i)),
    weight: 0.055 - i * 0.0012,
    targetWeight: 0.05 - i * 0.0011,
    unrealised: decimal((120 + i) * (i % 5 === 0 ? -10 : 10)),
  }))
}

export const madeFigures: readonly Figure[] = [
  { name: 'sharpe', value: 0.7312, n: 500, periodsPerYear: 252 },
  { name: 'max_drawdown', value: -0.1221, n: 500, periodsPerYear: undefined },
  { name: 'sharpe_21', insufficient: true, n: 12, needed: 20 },
]

export function madeSignals(names: readonly Name[]): Signal[] {
  return names.map(({ symbol, sector }, i) => {
    const technical = 50 + 30 * wave(i, 9)
    const fundamental = 50 + 25 * wave(i, 13)
    const score = (3 * technical + 4 * fundamental) / 7
    return {
      symbol,
      sector,
      score,
      band:
        score >= 75 ? 'strong_buy' : score >= 60 ? 'buy' : score >= 40 ? 'hold' : score >= 25 ? 'sell' : 'strong_sell',
      zScore: (score - 50) / 15,
      contributions: [
        { component: 'technical', score: technical, weight: 3 / 7, contribution: (technical * 3) / 7 },
        { component: 'fundamental', score: fundamental, weight: 4 / 7, contribution: (fundamental * 4) / 7 },
      ],
      absent: [{ component: 'sentiment', reason: 'nothing scores it yet' }],
      rank: i + 1,
      quintile: Math.min(5, Math.floor(i / 10) + 1),
      observed: i === 7,
      dailyVolatility: 0.012,
    }
  })
}

export function madeScores(names: readonly Name[], component: 'technical' | 'fundamental'): ComponentScore[] {
  const rules = component === 'technical' ? ['trend', 'macd', 'bollinger'] : ['priceToEarnings', 'returnOnEquity']
  return names.map(({ symbol }, i) => {
    if (i === 11) return { symbol, score: undefined, reason: 'ratios are 200 days old' }
    const parts = rules.map((name, n) => ({
      name,
      value: n === 0 ? 'bullish' : 1.5,
      score: 80,
      weight: 1 / rules.length,
    }))
    return { symbol, score: 80, parts, coverage: i === 2 ? 0.6 : 1 }
  })
}

export function madeRanking(names: readonly Name[]): RankedStock[] {
  return names.map(({ symbol, sector }, i) => ({
    symbol,
    sector,
    measures: { momentum: { '21': 0.03, '252': 0.2 }, volatility: 0.2, rsi: 55, sharpe: 0.8 },
    values: { momentum: 0.1, lowVolatility: -0.2, rsi: 0, sharpe: 0.8 },
    zScores: { momentum: 0.4, lowVolatility: -0.1, rsi: 0, sharpe: Number.NaN },
    score: 1 - i / 25,
    rank: i + 1,
    quintile: Math.min(5, Math.floor(i / 10) + 1),
    observed: false,
  }))
}

export function madeTargets(names: readonly Name[]): TargetWeight[] {
  return names.slice(0, 26).map(({ symbol, sector }, i) => ({
    symbol,
    sector,
    weight: 0.05 - i * 0.0011,
    uncapped: i === 0 ? 0.08 : 0.05 - i * 0.0011,
    note: i === 0 ? 'capped at 5 %' : 'by its score',
  }))
}

const cost = (amount: number, bps: number) => ({ amount, bps })

export function madeTrades(names: readonly Name[]): ConsideredTrade[] {
  return names.slice(0, 30).map(({ symbol, sector }, i) => {
    const side = i < 5 ? ('sell' as const) : ('buy' as const)
    const made = i < 12
    return {
      id: `2026-11-02-${symbol}-${side}`,
      session: '2026-11-02' as Session,
      symbol,
      sector,
      side,
      reason: i === 0 ? 'forced-exit' : side === 'sell' ? 'decrease' : 'increase',
      currentWeight: 0.03,
      targetWeight: 0.04,
      band: [0.032, 0.048] as const,
      wantedQuantity: decimal('12.5'),
      quantity: decimal(made ? 12 : 0),
      price: decimal(100 + i),
      notional: decimal(12 * (100 + i)),
      alpha: {
        expectedBps: 14.2,
        source: 'composite' as const,
        grossBps: 14.2,
        costInBps: 6.1,
        costOutBps: 1.5,
        netBps: made ? 6.6 : -2.4,
      },
      costs: {
        notional: 12 * (100 + i),
        commission: cost(1, 8),
        exchangeFee: cost(0.02, 0.1),
        halfSpread: cost(0.6, 5),
        permanentImpact: cost(0, 0),
        temporaryImpact: cost(0.1, 0.8),
        total: cost(1.72, 13.9),
        missing: i === 6 ? ['adv'] : [],
      },
      verdict: made ? ('order' as const) : ('negative-net-alpha' as const),
      explanation: `12 shares at ${100 + i}: 14.2 bps expected, 7.6 bps cost.`,
    }
  })
}

export const madeReport: OrderReport = {
  run: REBALANCE,
  session: '2026-11-02' as Session,
  asOf: '2026-10-30' as Session,
  source: SOURCE,
  signals: SIGNALS,
  value: decimal('1200000.00'),
  cashBefore: decimal('60000.00'),
  cashAfter: decimal('58000.00'),
  buys: decimal('9000.00'),
  sells: decimal('7000.00'),
  costs: decimal('20.64'),
  turnover: 0.0067,
  budgetedTurnover: 0.005,
  orders: 12,
  suppressed: 18,
  files: { html: 'reports/r.html', csv: 'reports/r.csv', json: 'reports/r.json', parquet: 'reports/r.parquet' },
}

export function madeStart(names: readonly Name[]): StartingPoint {
  return {
    value: madeReport.value,
    cash: madeReport.cashBefore,
    initialFunding: false,
    inflow: decimal(0),
    income: decimal('20114.20'),
    names: names.map(({ symbol, sector }, i) => ({
      symbol,
      sector,
      asset: 'equity',
      held: decimal(i < 24 ? 100 : 0),
      price: decimal(100 + i),
      priceAge: 0,
      market: { medianDollarVolume: 2.5e9, adv: 1.2e7, sigmaDaily: 0.013 },
    })),
  }
}
