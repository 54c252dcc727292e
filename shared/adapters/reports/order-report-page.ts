import { sum, toNumber } from '../../domain/money/decimal.ts'
import type { TradeVerdict } from '../../domain/portfolio/considered-trade.ts'
import { isOrder } from '../../domain/portfolio/rebalancing/cash-plan.ts'
import type { OrderReportContent } from '../../domain/portfolio/rebalancing/order-report-content.ts'
import { pairedBars } from '../html/charts/paired-bars.ts'
import { type Html, html } from '../html/html.ts'
import { keyFigures } from '../html/key-figures.ts'
import { count, money, percent } from '../html/numbers.ts'
import { page } from '../html/page.ts'
import { section } from '../html/section.ts'
import { accountSections } from './order-report-accounts.ts'
import { tradeSections } from './order-report-trades.ts'
import { verdictText } from './trade-words.ts'

/** The order report as one document that needs nothing from outside: what to do, what was left, and every number behind it. */
export function orderReportPage(content: OrderReportContent): string {
  const { session, asOf, source, mandate } = content
  return page({
    title: `Orders for ${session}`,
    lead: html`Mandate “${mandate.name}”, decided with what was known at the close of ${asOf}. Prices from ${source}. Nothing was sent to a
      broker by this report.`,
    simulated: source === 'simulated',
    body: html`${headline(content)}${summary(content)}${weights(content)}${tradeSections(content)}${accountSections(content)}`,
    footer: html`Prices are last closes as traded; costs are estimates and fills will differ. Alpha is an expectation over 21 sessions, not a
      promise.`,
  })
}

function headline({ totals, mandate }: OrderReportContent): Html {
  const amount = (value: typeof totals.value) => money(toNumber(value), mandate.baseCurrency)
  const share = (value: typeof totals.value) => percent(toNumber(value) / toNumber(totals.value), 2)
  return keyFigures([
    { label: 'Value', value: amount(totals.value), note: html`${share(totals.cashBefore)} in cash` },
    { label: 'Orders', value: count(totals.orders), note: html`${count(totals.suppressed)} considered and not made` },
    { label: 'Buys', value: amount(totals.buys) },
    { label: 'Sales', value: amount(totals.sells) },
    { label: 'Estimated costs', value: amount(totals.costs) },
    { label: 'Cash after', value: amount(totals.cashAfter), note: share(totals.cashAfter) },
  ])
}

function summary({ totals, trades, start, mandate, targets }: OrderReportContent): Html {
  const stopped = new Map<TradeVerdict, number>()
  for (const { verdict } of trades.filter((trade) => !isOrder(trade))) {
    stopped.set(verdict, (stopped.get(verdict) ?? 0) + 1)
  }
  const reasons = [...stopped].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const wanted = targets.reduce((all, { weight }) => all + weight, 0)
  const beside = 1 - mandate.portfolio.cash - wanted
  const holdings = sum(trades.filter(isOrder).map(({ notional }) => notional))
  return section({
    id: 'summary',
    title: 'In words',
    body: html`<p>${start.initialFunding ? 'The fund is funded for the first time. ' : ''}${
      totals.orders === 0
        ? 'Nothing is to be traded.'
        : html`${count(totals.orders)} orders move ${money(toNumber(holdings), mandate.baseCurrency)}; sales come first and pay for buys.`
    } ${
      reasons.length > 0 &&
      html`Not made: ${reasons.map(([verdict, names], i) => html`${i > 0 && ', '}${count(names)} × ${verdictText(verdict)}`)}.`
    }</p>
<p>Targets by ${mandate.portfolio.method} invest ${percent(wanted, 2)} of the fund and leave ${percent(mandate.portfolio.cash, 2)} in cash by
rule${beside > 1e-9 ? html`; ${percent(beside, 2)} found no place within the caps and stays in cash, too` : ''}.</p>`,
  })
}

function weights({ targets, trades, mandate }: OrderReportContent): Html {
  const current = new Map(trades.map(({ symbol, currentWeight }) => [symbol, currentWeight]))
  const { nameCap } = mandate.portfolio
  return section({
    id: 'weights',
    title: 'Weights and targets',
    body: pairedBars({
      title: 'Share of the fund, held before and wanted',
      names: ['Weight', 'Target'],
      pairs: targets.map(({ symbol, weight }) => ({
        label: symbol,
        actual: current.get(symbol) ?? 0,
        target: weight,
      })),
      cap: { value: nameCap, label: `Cap of a name, ${percent(nameCap)}` },
    }),
  })
}
