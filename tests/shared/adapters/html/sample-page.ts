import { badge } from '../../../../shared/adapters/html/badge.ts'
import { barChart } from '../../../../shared/adapters/html/charts/bar-chart.ts'
import { contributionBars } from '../../../../shared/adapters/html/charts/contribution-bars.ts'
import { drawdownChart } from '../../../../shared/adapters/html/charts/drawdown-chart.ts'
import { heatGrid } from '../../../../shared/adapters/html/charts/heat-grid.ts'
import { heatMap } from '../../../../shared/adapters/html/charts/heat-map.ts'
import { lineChart } from '../../../../shared/adapters/html/charts/line-chart.ts'
import { pairedBars } from '../../../../shared/adapters/html/charts/paired-bars.ts'
import { sparkline } from '../../../../shared/adapters/html/charts/sparkline.ts'
import { stackedAreas } from '../../../../shared/adapters/html/charts/stacked-areas.ts'
import { type Content, html } from '../../../../shared/adapters/html/html.ts'
import { keyFigures } from '../../../../shared/adapters/html/key-figures.ts'
import { link } from '../../../../shared/adapters/html/link.ts'
import { money, percent, plain, signedMoney, signedPercent } from '../../../../shared/adapters/html/numbers.ts'
import { type Page, page } from '../../../../shared/adapters/html/page.ts'
import { section } from '../../../../shared/adapters/html/section.ts'
import { table } from '../../../../shared/adapters/html/table.ts'
import { toned } from '../../../../shared/adapters/html/toned.ts'
import { DAY_MS } from '../../../../shared/domain/market/session.ts'

const SECTORS = [
  'Information Technology',
  'Financials',
  'Health Care',
  'Consumer Discretionary',
  'Communication Services',
  'Industrials',
  'Consumer Staples',
  'Energy',
  'Utilities',
  'Real Estate',
  'Materials',
]
const NAMES = Array.from({ length: 49 }, (_, i) => `${'ABCDEFG'[i % 7]}${'KLMNOPQ'[Math.floor(i / 7)]}X`)

/** A wave that needs no chance: the same page every time. */
const wave = (i: number, period: number) => Math.sin((i / period) * 2 * Math.PI)

const DAYS = 3000
const at = Float64Array.from({ length: DAYS }, (_, i) => Date.UTC(2014, 0, 2) + i * 1.4 * DAY_MS)
const fund = at.map(
  (_, i) => 100 * Math.exp(i / 4200 + 0.09 * wave(i, 700) + 0.02 * wave(i, 61) + 0.008 * wave(i * i, 997)),
)
const index = at.map((_, i) => (i > 800 && i < 900 ? Number.NaN : 100 * Math.exp(i / 5000 + 0.14 * wave(i + 40, 800))))
const average = fund.map((_, i) => (i < 200 ? Number.NaN : fund.subarray(i - 200, i).reduce((a, b) => a + b, 0) / 200))

function drawdownsOf(values: Float64Array): Float64Array {
  let most = 0
  return values.map((value) => {
    most = Math.max(most, value)
    return value / most - 1
  })
}

const recent = <T extends Float64Array>(column: T) => column.subarray(-260)

interface Holding {
  readonly symbol: string
  readonly sector: string
  readonly weight: number
  readonly target: number
  readonly value: number
}

const holdings = NAMES.map(
  (symbol, i): Holding => ({
    symbol,
    sector: SECTORS[i % SECTORS.length],
    weight: 0.02 + 0.015 * wave(i, 9),
    target: i % 8 === 5 ? 0 : 0.02 + 0.018 * wave(i, 9.5),
    value: 123_456.789 * (1 + wave(i, 9)),
  }),
)

function body(): Content {
  return [
    keyFigures([
      { label: 'Wealth', value: money(1_234_567.8, 'USD', 0), note: 'on 2025-07-01' },
      { label: 'Today', value: toned(signedPercent(-0.0123, 2)), note: toned(signedMoney(-15_185.2, 'USD', 0)) },
      { label: 'Since the start', value: toned(signedPercent(0.317)) },
      { label: 'Sharpe ratio', value: plain(Number.NaN), note: 'needs 12 months' },
    ]),
    html`<p>${badge('data complete', 'good')} ${badge('2 caps not met', 'warning')} ${badge('limit breached', 'bad')} ${badge('dry run')} ${link('https://example.com/?a=1&b=2', 'A headline')} ${link('javascript:alert(1)', 'Another')}</p>`,
    section({
      id: 'performance',
      title: 'Performance',
      lead: 'Time-weighted, net of costs and flows.',
      body: [
        lineChart({
          title: 'Wealth, 100 at the start',
          at,
          series: [
            { label: 'Fund', values: fund, area: true },
            { label: 'Benchmark', values: index },
          ],
        }),
        drawdownChart({
          title: 'Drawdown',
          at,
          drawdowns: drawdownsOf(fund),
          levels: [{ value: -0.2, label: 'alert at −20%' }],
        }),
        lineChart({
          title: 'AKX, price and averages',
          at: recent(at),
          series: [
            { label: 'Close', values: recent(fund) },
            { label: '200 days', values: recent(average) },
          ],
          bands: [
            {
              label: 'Bollinger band',
              low: recent(fund).map((v) => v * 0.96),
              high: recent(fund).map((v) => v * 1.04),
            },
          ],
          note: 'Adjusted for splits and dividends.',
        }),
        heatMap({
          title: 'Returns by month',
          columns: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec', 'Year'],
          rows: [2022, 2023, 2024, 2025].map((year) => ({
            label: String(year),
            values: Array.from({ length: 13 }, (_, i) =>
              year === 2025 && i > 6 && i < 12 ? Number.NaN : 0.07 * wave(i * 5 + year, 7),
            ),
          })),
          deepest: 0.08,
          lastApart: true,
        }),
      ],
    }),
    section({
      title: 'Portfolio',
      body: [
        stackedAreas({
          title: 'Wealth by sector',
          at: recent(at),
          parts: SECTORS.map((label, s) => ({
            label,
            values: recent(at).map((_, i) => 90_000 + 25_000 * wave(i + s * 31, 190)),
          })),
        }),
        pairedBars({
          title: 'Weights and targets by sector',
          names: ['Weight', 'Target'],
          pairs: SECTORS.map((label, i) => ({
            label,
            actual: 0.09 + 0.05 * wave(i, 5),
            target: 0.09 + 0.05 * wave(i, 5.5),
          })),
          cap: { value: 0.25, label: 'Sector cap 25%' },
        }),
        barChart({
          title: 'Trades, part of wealth',
          of: 'Change of weight',
          unit: 'percent',
          bars: NAMES.slice(0, 9).map((label, i) => ({ label, value: i === 4 ? Number.NaN : 0.03 * wave(i * 2, 9) })),
        }),
        table<Holding>({
          caption: 'Holdings',
          empty: 'Nothing is held.',
          columns: [
            { header: 'Symbol', rowHeader: true, cell: ({ symbol }) => symbol },
            { header: 'Sector', cell: ({ sector }) => sector },
            {
              header: 'Half a year',
              cell: ({ weight }) =>
                sparkline(
                  recent(fund).map((v, i) => v + wave(i, 90 * (1 + weight * 20)) * 8),
                  'rising',
                ),
            },
            { header: 'Value', align: 'right', cell: ({ value }) => money(value, 'USD') },
            { header: 'Weight', align: 'right', cell: ({ weight }) => percent(weight, 2) },
            { header: 'Target', align: 'right', cell: ({ target }) => percent(target, 2) },
            {
              header: 'Change',
              align: 'right',
              cell: ({ weight, target }) => toned(signedPercent(target - weight, 2)),
            },
          ],
          rows: holdings,
          totals: ['All', '', '', money(6_049_382.66, 'USD'), percent(1, 2), percent(1, 2), ''],
        }),
      ],
    }),
    section({
      title: 'Why',
      body: [
        contributionBars({
          title: 'The score of AKX',
          total: 'Score',
          parts: [
            { label: 'Technicals', value: 0.62, weight: 0.25 },
            { label: 'Fundamentals', value: -0.31, weight: 0.3 },
            { label: 'Sentiment', value: 0.12, weight: 0.15 },
            { label: 'Alpha model', value: Number.NaN, weight: 0.3 },
          ],
        }),
        heatGrid({
          title: 'Correlations of daily returns',
          description: 'All but two pairs are between −0.3 and 0.9.',
          names: NAMES,
          values: NAMES.map((_, a) => Float64Array.from(NAMES, (_, b) => (a === b ? 1 : 0.35 + 0.6 * wave(a * b, 83)))),
          deepest: 1,
        }),
        lineChart({ title: 'Nothing yet', at: [], series: [] }),
      ],
    }),
  ]
}

/** A page with every part and every chart, from made numbers. */
export function samplePage(changes: Partial<Page> = {}): string {
  return page({
    title: 'Daily report of 2025-07-01',
    lead: 'Everything that happened to the fund, and why.',
    navigation: [
      { label: 'Overview', href: '/', current: true },
      { label: 'Runs', href: '/runs' },
      { label: 'Holdings', href: '/holdings' },
      { label: 'Orders', href: '/orders' },
      { label: 'Models', href: '/models' },
    ],
    simulated: true,
    footer: 'Run 2025-07-01T18:00Z, code b52874f.',
    body: body(),
    ...changes,
  })
}
