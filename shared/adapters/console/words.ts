import { durationText } from '../../domain/market/duration-text.ts'
import type { ConsideredTrade } from '../../domain/portfolio/considered-trade.ts'
import type { Band } from '../../domain/signals/signal.ts'
import type { Factor } from '../../domain/universe/ranked-stock.ts'
import type { Frame } from '../../ports/console-pages.ts'
import type { RunState } from '../../ports/run-views.ts'
import { badge, type Standing } from '../html/badge.ts'
import { type Content, type Html, html } from '../html/html.ts'
import { MISSING, utcMinute } from '../html/numbers.ts'
import { to } from './frame.ts'

/** The one currency that mandates have so far. */
export const CURRENCY = 'USD'

const RUN_STANDINGS: Readonly<Record<RunState, Standing>> = {
  running: 'plain',
  ok: 'good',
  partial: 'warning',
  failed: 'bad',
}

export function stateBadge(state: RunState): Html {
  return badge(state, RUN_STANDINGS[state])
}

export function runLink(frame: Frame, run: string): Html {
  return html`<a href="${to(frame, 'runs', run)}">${run}</a>`
}

export function symbolLink(frame: Frame, symbol: string): Html {
  return html`<a href="${to(frame, 'signals', symbol)}">${symbol}</a>`
}

export function orderLink(frame: Frame, { id }: Pick<ConsideredTrade, 'id'>, label = id): Html {
  return html`<a href="${to(frame, 'orders', 'explain', id)}">${label}</a>`
}

export function moment(iso: string | null): Html {
  return html`<span class="moment">${iso === null ? MISSING : utcMinute(Date.parse(iso))}</span>`
}

/** A date that is not broken at its hyphens. */
export function date(session: string): Html {
  return html`<span class="date">${session}</span>`
}

/** Sentences in a cell, which want a width to be read in. */
export function words(text: Content): Html | undefined {
  return text === null || text === undefined || text === '' ? undefined : html`<div class="words">${text}</div>`
}

export function took(seconds: number | null): string {
  return seconds === null ? MISSING : durationText(seconds)
}

const BAND_STANDINGS: Readonly<Record<Band, Standing>> = {
  strong_buy: 'good',
  buy: 'good',
  hold: 'plain',
  sell: 'bad',
  strong_sell: 'bad',
}

export function bandBadge(band: Band): Html {
  return badge(band.replace('_', ' '), BAND_STANDINGS[band])
}

export function sideText({ side, reason }: Pick<ConsideredTrade, 'side' | 'reason'>): string {
  return reason === 'new' || reason === 'increase' || reason === 'decrease'
    ? side
    : `${side}, ${reason.replace('-', ' ')}`
}

const FACTOR_NAMES: Readonly<Record<Factor, string>> = {
  momentum: 'Momentum',
  lowVolatility: 'Low volatility',
  rsi: 'RSI signal',
  sharpe: 'Sharpe ratio',
}

/** A factor of the ranking, for people. */
export function factorName(factor: Factor): string {
  return FACTOR_NAMES[factor]
}

const RULE_NAMES: Readonly<Record<string, string>> = {
  trend: 'Trend',
  macd: 'MACD',
  bollinger: 'Bollinger bands',
  priceToEarnings: 'Price to earnings',
  dividendYield: 'Dividend yield',
  returnOnEquity: 'Return on equity',
  debtToEquity: 'Debt to equity',
  currentRatio: 'Current ratio',
  headlines: 'Headlines',
}

/** A rule of a component, for people; one that is not known here keeps the name it has. */
export function ruleName(rule: string): string {
  return RULE_NAMES[rule] ?? rule
}

/** `1 dead letter`, `3 dead letters`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`
}
