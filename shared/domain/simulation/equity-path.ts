import type { CorporateAction } from '../market/corporate-action.ts'
import { DAY_MS, msToSession } from '../market/session.ts'
import { clamp, decay, INTRADAY_VARIANCE, limitMoves, OVERNIGHT_VARIANCE, tailScale, writeCandle } from './candle.ts'
import type { Character } from './characters.ts'
import { type EquityPath, emptyColumns } from './daily-path.ts'
import { type Factors, SECTOR_VOLATILITY, SESSIONS_PER_YEAR } from './factors.ts'
import { type Random, randomStream } from './random.ts'

/** Extra drift a year of a company whose hidden quality is one deviation above the mean. Quality halves in 200 sessions. */
const QUALITY_DRIFT = 0.12
const QUALITY = decay(200)
/** Share of yesterday's own shock that is taken back today. */
const REVERSAL = 0.03
/** Deviation of the gap on reported results, in usual days of the company. */
const REPORT_GAP = 2.2

const ANCHOR_WEIGHT = 2 / (SESSIONS_PER_YEAR + 1)
const SPLIT_RATIOS = [20, 10, 5, 4, 3, 2]
/** The price a split aims at from above. */
const SPLIT_TARGET = 70
/** Below this close the shares are consolidated, ten into one. */
const CONSOLIDATE_BELOW = 4
const SESSIONS_TO_SPLIT = 15

/** A dividend is cut when the price has fallen so far that it would yield this many times what is usual. */
const DIVIDEND_CUT = 1.6

/** A day's log return stays within −21 % and +25 %, under the quality check's 30 %. */
const LARGEST_FALL = -0.24
const LARGEST_RISE = 0.22

/**
 * A company's history: beta times the market, its sector, its own fat-tailed shocks and the drift of its hidden quality; quarterly
 * reports that open with a gap; quarterly dividends, set once a year, that the price drops by on the ex-date; splits some weeks after
 * the price has grown too high. Everything comes from the company's own stream of chance, in order of time.
 */
export function simulateEquity(character: Character, factors: Factors, source: string): EquityPath {
  const { symbol, beta, sectorBeta, ownVolatility } = character
  const { at, overnight, intraday, volatility, turbulence } = factors
  const sector = factors.sectors[character.sector]
  const random = randomStream(factors.seed, 'equity', symbol)
  const columns = emptyColumns(at.length)
  const [ownShock, quality, anchor, shares] = Array.from({ length: 4 }, () => new Float64Array(at.length))
  const reports = [0]
  const actions: CorporateAction[] = []

  const split = splitter(character)
  const dividends = dividendPayer(character, at[0])
  const reporting = quarterly(at[0], `reports of ${symbol}`, { firstMonth: 0, earliest: 12, days: 20 })

  let logPrice = Math.log(character.price)
  let slow = logPrice
  let outstanding = character.shares
  let hidden = random.normal()
  let yesterday = 0
  let busy = 0
  for (let row = 0; row < at.length; row++) {
    hidden = QUALITY * hidden + Math.sqrt(1 - QUALITY ** 2) * random.normal()
    const usual = (ownVolatility * turbulence[row]) / Math.sqrt(SESSIONS_PER_YEAR)
    const wild = usual * tailScale(random)
    const reported = reporting.due(at[row]) && row > 0
    const gap = REPORT_GAP * usual * random.normal()
    const ownOvernight = wild * Math.sqrt(OVERNIGHT_VARIANCE) * random.normal() + (reported ? gap : 0)
    const ownIntraday = wild * Math.sqrt(INTRADAY_VARIANCE) * random.normal()
    // Without the half variance, companies with wilder shocks would earn more for it on average.
    const drift = (QUALITY_DRIFT * hidden) / SESSIONS_PER_YEAR - usual ** 2 / 2 - REVERSAL * yesterday
    const moves = limitMoves(
      {
        overnight: beta * overnight[row] + sectorBeta * sector.overnight[row] + ownOvernight,
        intraday: beta * intraday[row] + sectorBeta * sector.intraday[row] + ownIntraday + drift,
      },
      LARGEST_FALL,
      LARGEST_RISE,
    )

    const dividend = row > 0 ? dividends.pay(at[row], columns.close[row - 1], slow) : 0
    const ratio = dividend > 0 ? 1 : split.due()
    if (ratio !== 1) {
      logPrice -= Math.log(ratio)
      slow -= Math.log(ratio)
      outstanding *= ratio
      dividends.restate(ratio)
      actions.push({ symbol, exDate: msToSession(at[row]), type: 'split', value: ratio, source })
    }
    if (dividend > 0) {
      logPrice += Math.log(1 - dividend / columns.close[row - 1])
      actions.push({ symbol, exDate: msToSession(at[row]), type: 'dividend', value: dividend, source })
    }

    const open = Math.exp(logPrice + moves.overnight)
    logPrice += moves.overnight + moves.intraday
    const close = Math.exp(logPrice)
    const marketDeviation = (beta * volatility[row]) / Math.sqrt(SESSIONS_PER_YEAR)
    const sectorDeviation = (sectorBeta * SECTOR_VOLATILITY * turbulence[row]) / Math.sqrt(SESSIONS_PER_YEAR)
    const day = Math.hypot(marketDeviation, sectorDeviation, usual)
    const deviation = Math.sqrt(INTRADAY_VARIANCE) * Math.hypot(marketDeviation, sectorDeviation, wild)
    writeCandle(columns, row, { open, close, deviation, decimals: 2 }, random)
    columns.marketCorrelation[row] = marketDeviation / Math.hypot(marketDeviation, sectorDeviation, wild)

    busy = 0.9 * busy + 0.13 * random.normal()
    const surprise = Math.abs(moves.overnight + moves.intraday) / day
    columns.volume[row] = Math.round(
      outstanding * character.turnover * Math.exp(busy) * (0.7 + 0.35 * clamp(surprise, 0, 6)) * (reported ? 1.6 : 1),
    )

    slow += ANCHOR_WEIGHT * (logPrice - slow)
    ownShock[row] = (ownOvernight + ownIntraday) / usual
    quality[row] = hidden
    anchor[row] = slow
    shares[row] = outstanding
    if (reported) reports.push(row)
    split.see(close)
    yesterday = ownOvernight + ownIntraday
  }
  return { symbol, decimals: 2, at, ...columns, ownShock, quality, anchor, shares, reports, actions }
}

/** Announces a split when a close is out of bounds and lets it happen some weeks later. */
function splitter({ splitAbove }: Character) {
  let waiting = 0
  let ratio = 1
  return {
    see(close: number) {
      if (ratio !== 1) return
      if (close > splitAbove) ratio = SPLIT_RATIOS.find((candidate) => close / candidate >= SPLIT_TARGET) ?? 2
      else if (close < CONSOLIDATE_BELOW) ratio = 0.1
      else return
      waiting = SESSIONS_TO_SPLIT
    },
    /** New shares per old share this morning; 1 on almost all. */
    due(): number {
      if (ratio === 1 || --waiting > 0) return 1
      const now = ratio
      ratio = 1
      return now
    },
  }
}

/** Pays a quarter of the yield on the slow price each quarter, the same cash for four quarters unless it must be cut. */
function dividendPayer({ symbol, dividendYield }: Character, start: number) {
  const calendar = quarterly(start, `dividends of ${symbol}`, { firstMonth: undefined, earliest: 5, days: 20 })
  let cash = 0
  let paid = 0
  return {
    /** Cash per share this morning; 0 on most. */
    pay(at: number, previousClose: number, slowLogPrice: number): number {
      if (!calendar.due(at) || dividendYield === 0) return 0
      if (paid++ % 4 === 0) cash = (dividendYield / 4) * Math.exp(slowLogPrice)
      if (cash > (DIVIDEND_CUT * dividendYield * previousClose) / 4) cash = (dividendYield / 4) * previousClose
      return Math.round(cash * 10_000) / 10_000
    },
    restate(ratio: number) {
      cash /= ratio
    },
  }
}

/**
 * A date in every third month: the company's own day of the month, between `earliest` and `earliest + days`, or the first session
 * after it. `firstMonth` 0 is January; a company has its own when it is undefined.
 */
function quarterly(
  start: number,
  key: string,
  {
    firstMonth,
    earliest,
    days,
  }: { readonly firstMonth: number | undefined; readonly earliest: number; readonly days: number },
) {
  const random: Random = randomStream(key)
  const day = earliest + Math.floor(days * random.uniform())
  const offset = firstMonth ?? Math.floor(3 * random.uniform())
  let quarter = 0
  const year = new Date(start).getUTCFullYear()
  const dateOf = (n: number) => Date.UTC(year, offset + 3 * n, 1) + (day - 1) * DAY_MS
  while (dateOf(quarter) <= start) quarter++
  return {
    due(at: number): boolean {
      if (at < dateOf(quarter)) return false
      quarter++
      return true
    },
  }
}
