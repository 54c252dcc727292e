import type { PeriodProfit } from '../../../domain/console/period-profit.ts'
import { sectorWeights, weightsAndTargets } from '../../../domain/console/weights.ts'
import type { PositionMark } from '../../../domain/monitoring/snapshot.ts'
import type { Frame, PortfolioView } from '../../../ports/console-pages.ts'
import { drawdownChart } from '../../html/charts/drawdown-chart.ts'
import { lineChart } from '../../html/charts/line-chart.ts'
import { pairedBars } from '../../html/charts/paired-bars.ts'
import { type Content, type Html, html } from '../../html/html.ts'
import { keyFigures } from '../../html/key-figures.ts'
import { count, money, percent, plain, quantityText, signedMoney, signedPercent } from '../../html/numbers.ts'
import { section } from '../../html/section.ts'
import { table } from '../../html/table.ts'
import { toned } from '../../html/toned.ts'
import { otherFiguresTable, performanceTable } from '../../reports/figure-tables.ts'
import type { Assets } from '../assets.ts'
import { drawPage, interactive, to } from '../frame.ts'
import { CURRENCY, symbolLink } from '../words.ts'

/** The fund: what it is worth, how that came about, what it holds and what it should hold. */
export function portfolioPage(assets: Assets, frame: Frame, view: PortfolioView): string {
  const { snapshot, profits, marks, figures } = view
  if (!snapshot) {
    return drawPage(assets, frame, {
      title: 'Portfolio',
      body: html`<p class="empty">Nothing is held yet, or nothing is marked: "edgefund run monitoring" marks the last session.</p>`,
    })
  }
  return drawPage(assets, frame, {
    title: 'Portfolio',
    lead: html`At the close of ${snapshot.session}, prices by ${view.source}. <a href="${to(frame, 'portfolio', 'daily-reports', snapshot.session)}">Daily report</a>`,
    charts: true,
    body: [
      keyFigures([
        { label: 'Value', value: money(snapshot.value, CURRENCY, 0) },
        {
          label: 'Last session',
          value: toned(signedMoney(snapshot.profit, CURRENCY, 0)),
          note: snapshot.return !== undefined && toned(signedPercent(snapshot.return, 2)),
        },
        {
          label: 'Cash',
          value: money(snapshot.cash, CURRENCY, 0),
          note: `target ${percent(view.mandate.portfolio.cash)}`,
        },
        { label: 'Positions', value: count(snapshot.positions) },
      ]),
      section({ title: 'Value', body: charts(frame, view) }),
      section({ title: 'Where the profit came from', body: profitTable(profits) }),
      section({ title: 'Weights and targets', body: weightCharts(frame, view) }),
      section({ title: 'Positions', body: positionsTable(frame, marks) }),
      section({
        title: 'Figures',
        lead: 'With the observations they rest on; too few observations, no number.',
        body: [performanceTable(figures), otherFiguresTable(figures, view.mandate.income.target)],
      }),
    ],
  })
}

function charts(frame: Frame, { curve }: PortfolioView): Content {
  const { at, value, growth, benchmark, drawdown } = curve
  return [
    interactive(
      lineChart({ title: `Value, ${CURRENCY}`, at, series: [{ label: 'Value', values: value, area: true }] }),
      to(frame, 'portfolio', 'series', 'value'),
    ),
    interactive(
      lineChart({
        title: 'Growth of 100, flows aside',
        at,
        series: [
          { label: 'Fund', values: growth },
          { label: 'Benchmark', values: benchmark },
        ],
      }),
      to(frame, 'portfolio', 'series', 'growth'),
    ),
    interactive(
      drawdownChart({ title: 'Drawdown', at, drawdowns: drawdown }),
      to(frame, 'portfolio', 'series', 'drawdown'),
    ),
  ]
}

const PERIODS: Readonly<Record<PeriodProfit['period'], string>> = {
  session: 'Last session',
  month: 'Month so far',
  year: 'Year so far',
  all: 'Since the beginning',
}

function profitTable(profits: readonly PeriodProfit[]): Html {
  const amount = (of: (profit: PeriodProfit) => PeriodProfit['profit']) => (profit: PeriodProfit) =>
    toned(signedMoney(of(profit), CURRENCY, 0))
  const cost = (of: (profit: PeriodProfit) => PeriodProfit['profit']) => (profit: PeriodProfit) =>
    money(of(profit), CURRENCY, 0)
  return table<PeriodProfit>({
    caption: 'Profit = realised + unrealised + income − fees − slippage',
    columns: [
      { header: 'Period', rowHeader: true, cell: ({ period }) => PERIODS[period] },
      { header: 'Sessions', align: 'right', cell: ({ sessions }) => count(sessions) },
      { header: 'Realised', align: 'right', cell: amount(({ realised }) => realised) },
      { header: 'Unrealised', align: 'right', cell: amount(({ unrealised }) => unrealised) },
      { header: 'Income', align: 'right', cell: amount(({ income }) => income) },
      { header: 'Fees', align: 'right', cell: cost(({ fees }) => fees) },
      { header: 'Slippage', align: 'right', cell: cost(({ slippage }) => slippage) },
      { header: 'Profit', align: 'right', cell: amount(({ profit }) => profit) },
      { header: 'Paid in', align: 'right', cell: amount(({ flow }) => flow) },
    ],
    rows: profits,
    empty: 'No session is marked.',
  })
}

function weightCharts(frame: Frame, { marks, targets, mandate, report }: PortfolioView): Content {
  const { nameCap, sectorCap } = mandate.portfolio
  const note = report ? `Targets of the rebalance for ${report.session}.` : 'There is no rebalance yet, so no target.'
  return [
    pairedBars({
      title: 'By sector',
      names: ['Weight', 'Target'],
      pairs: sectorWeights(marks, targets).map(({ name, weight, target }) => ({ label: name, actual: weight, target })),
      cap: { value: sectorCap, label: `Sector cap ${percent(sectorCap)}` },
      note,
    }),
    pairedBars({
      title: 'By name',
      names: ['Weight', 'Target'],
      pairs: weightsAndTargets(marks, targets).map(({ name, weight, target }) => ({
        label: symbolLink(frame, name),
        actual: weight,
        target,
      })),
      cap: { value: nameCap, label: `Name cap ${percent(nameCap)}` },
    }),
  ]
}

function positionsTable(frame: Frame, marks: readonly PositionMark[]): Html {
  return table<PositionMark>({
    caption: 'Held at that close, largest first',
    columns: [
      { header: 'Name', rowHeader: true, cell: ({ symbol }) => symbolLink(frame, symbol) },
      { header: 'Sector', cell: ({ sector }) => sector },
      { header: 'Quantity', align: 'right', cell: ({ quantity }) => quantityText(quantity) },
      { header: 'Average cost', align: 'right', cell: ({ averageCost }) => plain(averageCost) },
      { header: 'Price', align: 'right', cell: ({ price }) => plain(price) },
      { header: 'Age', align: 'right', cell: ({ priceAge }) => (priceAge === 0 ? '' : `${priceAge} sessions`) },
      { header: 'Value', align: 'right', cell: ({ value }) => money(value, CURRENCY, 0) },
      { header: 'Weight', align: 'right', cell: ({ weight }) => percent(weight, 2) },
      { header: 'Unrealised', align: 'right', cell: ({ unrealised }) => toned(signedMoney(unrealised, CURRENCY, 0)) },
    ],
    rows: marks,
    empty: 'Nothing is held.',
  })
}
