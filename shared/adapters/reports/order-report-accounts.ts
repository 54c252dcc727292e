import { toNumber } from '../../domain/money/decimal.ts'
import { untiedMoney } from '../../domain/portfolio/rebalancing/idle-cash.ts'
import type { OrderReportContent } from '../../domain/portfolio/rebalancing/order-report-content.ts'
import { type Html, html } from '../html/html.ts'
import { count, money, percent } from '../html/numbers.ts'
import { section } from '../html/section.ts'
import { table } from '../html/table.ts'

/** What the orders do to the fund as a whole: sectors, turnover, income and spending, and where the numbers came from. */
export function accountSections(content: OrderReportContent): Html {
  return html`${sectors(content)}${turnover(content)}${income(content)}${provenance(content)}`
}

function sectors({ sectors, mandate }: OrderReportContent): Html {
  return section({
    id: 'sectors',
    title: 'Sectors',
    lead: html`The cap of a sector is ${percent(mandate.portfolio.sectorCap)}.`,
    body: table({
      columns: [
        { header: 'Sector', rowHeader: true, cell: ({ sector }) => sector },
        { header: 'Before', align: 'right', cell: ({ before }) => percent(before, 2) },
        { header: 'After', align: 'right', cell: ({ after }) => percent(after, 2) },
      ],
      rows: sectors,
      empty: 'Nothing is held, before or after.',
    }),
  })
}

function turnover({ totals, used, mandate, start }: OrderReportContent): Html {
  const { month, year } = mandate.portfolio.turnover
  const rows = [
    { period: 'This month', used: used.month, limit: month },
    { period: 'This year', used: used.year, limit: year },
  ]
  const untied = money(toNumber(untiedMoney(start, mandate.portfolio.cash)), mandate.baseCurrency)
  return section({
    id: 'turnover',
    title: 'Turnover',
    lead: html`One-way, ${percent(totals.turnover, 2)} of the fund; ${percent(totals.budgetedTurnover, 2)} counts against the budgets. First
      funding, forced exits, and the ${untied} that waited to be invested (or went out) do not.`,
    body: table({
      columns: [
        { header: 'Budget', rowHeader: true, cell: ({ period }) => period },
        { header: 'Used before', align: 'right', cell: (row) => percent(row.used, 2) },
        { header: 'With this report', align: 'right', cell: (row) => percent(row.used + totals.budgetedTurnover, 2) },
        { header: 'Limit', align: 'right', cell: ({ limit }) => percent(limit, 2) },
      ],
      rows,
      empty: '',
    }),
  })
}

function income({ incomeYield, start, spending, mandate }: OrderReportContent): Html {
  const amount = (value: typeof start.income) => money(toNumber(value), mandate.baseCurrency)
  const { rate } = mandate.income.spending
  return section({
    id: 'income',
    title: 'Income and spending',
    body: html`<p>Dividends of the last twelve months, net of what was withheld: ${amount(start.income)}, ${percent(incomeYield, 2)} of the value;
the target is ${percent(mandate.income.target, 2)}.</p>
<p>${
      'insufficient' in spending
        ? html`Spending this month: not enough history, ${count(spending.quarters)} of ${count(spending.needed)} quarter ends are known.`
        : html`Spending this month: ${amount(spending.amount)}, a twelfth of ${percent(rate)} of ${amount(spending.smoothedValue)}, the mean value at
the last ${count(spending.quarters)} quarter ends.`
    }</p>`,
  })
}

function provenance({ run, signals, source, asOf, trades, absent }: OrderReportContent): Html {
  const sources = [...new Set(trades.map(({ alpha }) => alpha.source))].sort()
  const words = { composite: 'the composite signal', model: 'a promoted model' }
  return section({
    id: 'provenance',
    title: 'Where this comes from',
    body: html`<ul>
<li>Run ${run}, on the signals of ${signals}, prices of ${source} up to the close of ${asOf}.</li>
<li>Expected alpha from ${sources.length > 0 ? sources.map((name) => words[name]).join(' and ') : 'nothing, as nothing was considered'}.</li>
${absent.map(
  ({ component, names, reason }) =>
    html`<li>Judged without ${component}: ${count(names)} ${names === 1 ? 'name' : 'names'} (${reason}); the weights of the others were divided by their sum.</li>\n`,
)}</ul>`,
  })
}
