import { sum, toNumber } from '../../domain/money/decimal.ts'
import type { ConsideredTrade } from '../../domain/portfolio/considered-trade.ts'
import { isOrder } from '../../domain/portfolio/rebalancing/cash-plan.ts'
import type { OrderReportContent } from '../../domain/portfolio/rebalancing/order-report-content.ts'
import { badge } from '../html/badge.ts'
import { type Html, html } from '../html/html.ts'
import { percent, plain, quantityText, signed } from '../html/numbers.ts'
import { section } from '../html/section.ts'
import { type Column, table } from '../html/table.ts'
import { toned } from '../html/toned.ts'
import { verdictText } from './trade-words.ts'

/** The orders, what was considered and not made, and what the orders cost line by line. */
export function tradeSections({ trades, mandate }: OrderReportContent): Html {
  const orders = trades.filter(isOrder)
  const suppressed = trades.filter((trade) => !isOrder(trade))
  const total = sum(orders.map(({ notional }) => notional))
  return html`${section({
    id: 'orders',
    title: 'Orders',
    lead: html`Sales first. Amounts in ${mandate.baseCurrency}; alpha and costs in basis points of the order.`,
    body: html`${table({
      caption: 'Proposed orders',
      columns: [NAME, SIDE, REASON, QUANTITY, ...AMOUNTS, ...ARITHMETIC],
      rows: orders,
      totals: ['Sum', '', '', '', '', plain(toNumber(total)), '', '', '', '', ''],
      empty: 'No orders.',
    })}${reasons(orders)}`,
  })}${section({
    id: 'suppressed',
    title: 'Considered and not made',
    lead: 'Every name that is held or wanted and is not traded, with the same arithmetic for what it would have taken.',
    body: html`${table({
      caption: 'Suppressed trades',
      columns: [NAME, SIDE, VERDICT, WANTED, ...AMOUNTS, ...ARITHMETIC],
      rows: suppressed,
      empty: 'Every trade that was considered is an order.',
    })}${reasons(suppressed)}`,
  })}${costLines(orders, mandate.baseCurrency)}`
}

/** The sentence of each trade: too long for a cell. */
function reasons(trades: readonly ConsideredTrade[]): Html {
  return html`<ul>${trades.map(({ symbol, explanation }) => html`<li><strong>${symbol}</strong> ${explanation}</li>\n`)}</ul>`
}

const NAME: Column<ConsideredTrade> = { header: 'Name', rowHeader: true, cell: ({ symbol }) => symbol }
const SIDE: Column<ConsideredTrade> = { header: 'Side', cell: ({ side }) => badge(side) }
const REASON: Column<ConsideredTrade> = { header: 'Reason', cell: ({ reason }) => reason.replace('-', ' ') }
const VERDICT: Column<ConsideredTrade> = {
  header: 'Stopped by',
  cell: ({ verdict }) => badge(verdictText(verdict), 'warning'),
}

const figure = (header: string, cell: (trade: ConsideredTrade) => Html | string): Column<ConsideredTrade> => ({
  header,
  align: 'right',
  cell,
})

const QUANTITY = figure('Quantity', ({ quantity }) => quantityText(quantity))
const WANTED = figure('Wanted', ({ wantedQuantity }) => quantityText(wantedQuantity))
const AMOUNTS = [
  figure('Price', ({ price }) => plain(toNumber(price))),
  figure('Amount', ({ notional }) => plain(toNumber(notional))),
]
const ARITHMETIC = [
  figure('Weight → target', (trade) => html`${percent(trade.currentWeight, 2)} → ${percent(trade.targetWeight, 2)}`),
  figure('Gross alpha', ({ alpha }) => toned(signed(alpha.grossBps, 1))),
  figure('Cost in', ({ alpha }) => plain(alpha.costInBps, 1)),
  figure('Cost out', ({ alpha }) => plain(alpha.costOutBps, 1)),
  figure('Net alpha', ({ alpha }) => toned(signed(alpha.netBps, 1))),
]

const LINES = [
  ['Commission', 'commission'],
  ['Exchange and regulatory fees', 'exchangeFee'],
  ['Half the spread', 'halfSpread'],
  ['Permanent impact', 'permanentImpact'],
  ['Temporary impact', 'temporaryImpact'],
  ['All', 'total'],
] as const

function costLines(orders: readonly ConsideredTrade[], currency: string): Html {
  const notional = orders.reduce((all, { costs }) => all + costs.notional, 0)
  const rows = LINES.map(([label, line]) => {
    const amount = orders.reduce((all, { costs }) => all + costs[line].amount, 0)
    return { label, amount, bps: notional > 0 ? (1e4 * amount) / notional : Number.NaN }
  })
  const unknown = [...new Set(orders.flatMap(({ costs }) => costs.missing))]
  return section({
    id: 'costs',
    title: 'Estimated costs',
    lead: unknown.length > 0 && html`Too low where nothing was known of: ${unknown.join(', ')}.`,
    body: table({
      columns: [
        { header: 'Line', rowHeader: true, cell: ({ label }) => label },
        { header: currency, align: 'right', cell: ({ amount }) => plain(amount) },
        { header: 'bps of what is traded', align: 'right', cell: ({ bps }) => plain(bps, 2) },
      ],
      rows: orders.length === 0 ? [] : rows,
      empty: 'No orders, no costs.',
    }),
  })
}
