import { toNumber } from '../../domain/money/decimal.ts'
import type { DailyReport } from '../../domain/monitoring/daily-report.ts'
import { resultOver } from '../../domain/monitoring/result-over.ts'
import type { AlertState, PositionMark, Snapshot } from '../../domain/monitoring/snapshot.ts'
import { badge } from '../html/badge.ts'
import { type Html, html } from '../html/html.ts'
import { keyFigures } from '../html/key-figures.ts'
import { count, money, percent, plain, quantityText, signed, signedMoney, signedPercent } from '../html/numbers.ts'
import { page } from '../html/page.ts'
import { section } from '../html/section.ts'
import { table } from '../html/table.ts'
import { toned } from '../html/toned.ts'
import { exposureSection, tearSheet } from './daily-report-tear-sheet.ts'

/** The report of a session and the tear sheet as one document that needs nothing from outside. */
export function dailyReportPage(report: DailyReport): string {
  const { source, fund, benchmark, snapshots } = report
  const last = snapshots[snapshots.length - 1]
  return page({
    title: `Daily report of ${last.session}`,
    lead: html`The fund “${fund}” at the close of ${last.session}, marked at ${count(snapshots.length)} sessions since ${snapshots[0].session}. Prices from
      ${source}, benchmark ${benchmark}.`,
    simulated: source === 'simulated',
    body: html`${headline(report, last)}${alertsSection(report)}${resultSection(report)}${positionsSection(report)}${exposureSection(report)}${tearSheet(report)}`,
    footer: html`Marks are last closes as traded. Returns are time-weighted, net of flows and costs; flows count as there before a session opens.`,
  })
}

function headline({ currency, snapshots, benchmark }: DailyReport, last: Snapshot): Html {
  const whole = resultOver(snapshots)
  const amount = (value: Snapshot['value']) => money(toNumber(value), currency, 0)
  return keyFigures([
    { label: 'Value', value: amount(last.value), note: html`${count(last.positions)} positions` },
    {
      label: 'Profit of the session',
      value: toned(signedMoney(toNumber(last.profit), currency, 0)),
      note: signedPercent(last.return, 2),
    },
    { label: 'Cash', value: amount(last.cash), note: percent(toNumber(last.cash) / toNumber(last.value)) },
    {
      label: 'Return since inception',
      value: toned(signedPercent(whole.return)),
      note: html`${benchmark} ${signedPercent(whole.benchmarkReturn)}`,
    },
  ])
}

function alertsSection({ alerts }: DailyReport): Html {
  const { raised, resolved, open } = alerts
  const severity = (state: AlertState) => badge(state.severity, state.severity === 'critical' ? 'bad' : 'warning')
  const isNew = new Set(raised)
  return section({
    id: 'alerts',
    title: 'Alerts',
    lead: html`${count(raised.length)} raised, ${count(resolved.length)} resolved, ${count(open.length)} open.`,
    body: table({
      caption: 'Open alerts, and those resolved at this session',
      columns: [
        { header: 'Alert', rowHeader: true, cell: ({ alert }) => alert },
        { header: 'Severity', cell: severity },
        { header: 'What was found', cell: ({ message }) => message },
        { header: 'Raised', cell: (state) => html`${state.raised}${isNew.has(state) && ' (new)'}` },
        { header: 'Resolved', cell: (state) => state.resolved ?? '' },
      ],
      rows: [...open, ...resolved],
      empty: 'No limit of the mandate is crossed.',
    }),
  })
}

function resultSection({ snapshots, currency, benchmark }: DailyReport): Html {
  const { session } = snapshots[snapshots.length - 1]
  const since = (start: string) => snapshots.filter((snapshot) => snapshot.session >= start)
  const rows = [
    ['Session', snapshots.slice(-1)],
    ['Month to date', since(`${session.slice(0, 7)}-01`)],
    ['Year to date', since(`${session.slice(0, 4)}-01-01`)],
    ['Since inception', snapshots],
  ] as const
  type Row = { readonly label: string } & ReturnType<typeof resultOver>
  const amount = (header: string, of: (row: Row) => Snapshot['profit'], write = signed) =>
    ({ header, align: 'right', cell: (row: Row) => toned(write(toNumber(of(row)))) }) as const
  return section({
    id: 'result',
    title: 'Profit and loss',
    lead: html`In ${currency}. Profit is realised and unrealised gains before slippage, and income, less fees and slippage; what was paid in or taken
      out is no profit.`,
    body: table<Row>({
      columns: [
        { header: 'Over', rowHeader: true, cell: ({ label }) => label },
        amount('Paid in', ({ flow }) => flow),
        amount('Realised', ({ realised }) => realised),
        amount('Unrealised', ({ unrealised }) => unrealised),
        amount('Income', ({ income }) => income),
        amount('Fees', ({ fees }) => fees, plain),
        amount('Slippage', ({ slippage }) => slippage, plain),
        amount('Profit', ({ profit }) => profit),
        { header: 'Return', align: 'right', cell: (row) => toned(signedPercent(row.return, 2)) },
        { header: benchmark, align: 'right', cell: (row) => toned(signedPercent(row.benchmarkReturn, 2)) },
        { header: 'Turnover', align: 'right', cell: ({ turnover }) => percent(turnover) },
      ],
      rows: rows.map(([label, some]) => ({ label, ...resultOver(some) })),
      empty: 'Nothing yet.',
    }),
  })
}

function positionsSection({ marks, currency }: DailyReport): Html {
  const number = (value: PositionMark['value'], digits?: number) => plain(toNumber(value), digits)
  const price = ({ price, priceAge }: PositionMark) =>
    html`${number(price)}${priceAge > 0 && html` ${badge(`${priceAge} sessions old`, 'warning')}`}`
  return section({
    id: 'positions',
    title: 'Positions',
    lead: `Prices and values in ${currency}.`,
    body: table<PositionMark>({
      columns: [
        { header: 'Name', rowHeader: true, cell: ({ symbol }) => symbol },
        { header: 'Sector', cell: ({ sector }) => sector },
        { header: 'Quantity', align: 'right', cell: ({ quantity }) => quantityText(quantity) },
        { header: 'Average cost', align: 'right', cell: ({ averageCost }) => number(averageCost) },
        { header: 'Price', align: 'right', cell: price },
        { header: 'Value', align: 'right', cell: ({ value }) => number(value) },
        { header: 'Weight', align: 'right', cell: ({ weight }) => percent(weight, 2) },
        { header: 'Target', align: 'right', cell: ({ targetWeight }) => percent(targetWeight, 2) },
        { header: 'Unrealised', align: 'right', cell: ({ unrealised }) => toned(signed(toNumber(unrealised))) },
      ],
      rows: marks,
      empty: 'Everything is in cash.',
    }),
  })
}
