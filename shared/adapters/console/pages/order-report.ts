import type { Fill } from '../../../domain/execution/order.ts'
import { groupBy } from '../../../domain/group-by.ts'
import { sum } from '../../../domain/money/decimal.ts'
import type { ConsideredTrade } from '../../../domain/portfolio/considered-trade.ts'
import type { Frame, OrderReportView } from '../../../ports/console-pages.ts'
import { badge } from '../../html/badge.ts'
import { type Content, type Html, html } from '../../html/html.ts'
import { keyFigures } from '../../html/key-figures.ts'
import { money, percent, plain, quantityText, signed } from '../../html/numbers.ts'
import { section } from '../../html/section.ts'
import { type Column, table } from '../../html/table.ts'
import { toned } from '../../html/toned.ts'
import { verdictText } from '../../reports/trade-words.ts'
import type { Assets } from '../assets.ts'
import { drawPage, to } from '../frame.ts'
import { CURRENCY, orderLink, runLink, sideText, symbolLink, words } from '../words.ts'

const WHY = 'Alpha and costs in basis points of the trade. The side of a trade leads to why.'
const FORMS = ['html', 'csv', 'json', 'parquet'] as const

/** A rebalance: every order, and every trade that was considered and not made, with its arithmetic. */
export function orderReportPage(assets: Assets, frame: Frame, view: OrderReportView): string {
  const { report, trades } = view
  const orders = trades.filter(({ verdict }) => verdict === 'order')
  const others = trades.filter(({ verdict }) => verdict !== 'order')
  return drawPage(assets, frame, {
    title: `Orders for ${report.session}`,
    lead: html`Decided by ${runLink(frame, report.run)} with what was known at the close of ${report.asOf}, on the signals of ${runLink(frame, report.signals)}.`,
    body: [
      keyFigures([
        { label: 'Orders', value: report.orders, note: `${report.suppressed} trades not made` },
        { label: 'Buys', value: money(report.buys, CURRENCY, 0) },
        { label: 'Sells', value: money(report.sells, CURRENCY, 0) },
        { label: 'Expected costs', value: money(report.costs, CURRENCY) },
        {
          label: 'Turnover',
          value: percent(report.turnover),
          note: `${percent(report.budgetedTurnover)} counts against the budget`,
        },
        {
          label: 'Cash after',
          value: money(report.cashAfter, CURRENCY, 0),
          note: `before ${money(report.cashBefore, CURRENCY, 0)}`,
        },
      ]),
      html`<p>The whole report: ${FORMS.map((form) => html`<a href="${to(frame, 'orders', report.run, 'files', form)}">${form.toUpperCase()}</a> `)}</p>`,
      section({ title: 'Orders', lead: WHY, body: ordersTable(frame, orders, view) }),
      section({ title: 'Trades not made', lead: WHY, body: suppressedTable(frame, others) }),
    ],
  })
}

function ordersTable(frame: Frame, orders: readonly ConsideredTrade[], { fills, open }: OrderReportView): Html {
  const byOrder = groupBy(fills, ({ order }) => order)
  return table<ConsideredTrade>({
    caption: 'Sells, then buys',
    columns: [
      ...common(frame),
      { header: 'Quantity', align: 'right', cell: ({ quantity }) => quantityText(quantity) },
      { header: 'Price', align: 'right', cell: ({ price }) => plain(price) },
      { header: 'Value', align: 'right', cell: ({ notional }) => money(notional, CURRENCY, 0) },
      ...arithmetic(),
      { header: 'Filled', cell: ({ id }) => filledText(byOrder.get(id) ?? [], open.has(id)) },
    ],
    rows: orders,
    empty: 'No order was proposed.',
  })
}

function suppressedTable(frame: Frame, trades: readonly ConsideredTrade[]): Html {
  return table<ConsideredTrade>({
    caption: 'Considered and not made',
    columns: [
      ...common(frame),
      { header: 'Wanted', align: 'right', cell: ({ wantedQuantity }) => quantityText(wantedQuantity) },
      ...arithmetic(),
      { header: 'Because', cell: becauseText },
    ],
    rows: trades,
    empty: 'Every trade that was considered became an order.',
  })
}

function common(frame: Frame): Column<ConsideredTrade>[] {
  return [
    { header: 'Name', rowHeader: true, cell: ({ symbol }) => symbolLink(frame, symbol) },
    { header: 'Side', cell: (trade) => orderLink(frame, trade, sideText(trade)) },
    { header: 'Weight', align: 'right', cell: ({ currentWeight }) => percent(currentWeight, 2) },
    { header: 'Target', align: 'right', cell: ({ targetWeight }) => percent(targetWeight, 2) },
  ]
}

/** In a word; the arithmetic in full only for who asks, since a row as high as it would hide the others. */
function becauseText({ verdict, explanation }: ConsideredTrade): Html {
  return html`<details class="because"><summary>${verdictText(verdict)}</summary>${words(explanation)}</details>`
}

/** In bps of the trade's value: what it is expected to bring, to cost and to leave. */
function arithmetic(): Column<ConsideredTrade>[] {
  return [
    { header: 'Alpha, bps', align: 'right', cell: ({ alpha }) => toned(signed(alpha.grossBps, 1)) },
    { header: 'Costs, bps', align: 'right', cell: ({ alpha }) => plain(alpha.grossBps - alpha.netBps, 1) },
    { header: 'Net, bps', align: 'right', cell: ({ alpha }) => toned(signed(alpha.netBps, 1)) },
  ]
}

function filledText(fills: readonly Fill[], open: boolean): Content {
  if (fills.length > 0)
    return html`<span class="date">${quantityText(sum(fills.map(({ quantity }) => quantity)))} on ${fills[0].session}</span>`
  return open ? badge('open') : badge('not filled')
}
