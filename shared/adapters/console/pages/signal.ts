import { sessionToMs } from '../../../domain/market/session.ts'
import { COMPONENTS } from '../../../domain/signals/signal.ts'
import type { Frame, SignalView } from '../../../ports/console-pages.ts'
import { lineChart } from '../../html/charts/line-chart.ts'
import { type Content, html } from '../../html/html.ts'
import { keyFigures } from '../../html/key-figures.ts'
import { percent, plain, signed } from '../../html/numbers.ts'
import { section } from '../../html/section.ts'
import { toned } from '../../html/toned.ts'
import type { Assets } from '../assets.ts'
import { drawPage, interactive, to } from '../frame.ts'
import { componentTables, contributionChart } from '../signal-parts.ts'
import { bandBadge, runLink } from '../words.ts'

const DAYS_A_YEAR = 252

/** One stock: its score with all that it is made of, its price as the technical rules see it, its scores so far. */
export function signalPage(assets: Assets, frame: Frame, view: SignalView): string {
  const { symbol, listing, run, signal, components } = view
  return drawPage(assets, frame, {
    title: listing && listing.name !== symbol ? `${symbol}, ${listing.name}` : symbol,
    lead: run && html`As of the close of ${run.asOf}, by ${runLink(frame, run.run)}.`,
    charts: true,
    body: [
      signal
        ? keyFigures([
            { label: 'Score', value: plain(signal.score, 1), note: bandBadge(signal.band) },
            { label: 'z-score', value: toned(signed(signal.zScore)), note: 'among the stocks scored' },
            { label: 'Rank', value: signal.rank, note: `quintile ${signal.quintile}` },
            { label: 'Sector', value: signal.sector, note: signal.observed && 'under observation' },
            { label: 'Volatility', value: percent(signal.dailyVolatility * Math.sqrt(DAYS_A_YEAR)), note: 'a year' },
          ])
        : html`<p class="empty">The newest signals have none of ${symbol}: it was not ranked, or nothing could be scored.</p>`,
      signal && section({ title: 'Score', body: contributionChart(signal) }),
      section({ title: 'Price', body: priceChart(frame, view) }),
      components.size > 0 && section({ title: 'Components', body: componentTables(COMPONENTS, components) }),
      section({ title: 'Scores so far', body: historyChart(view) }),
    ],
  })
}

function priceChart(frame: Frame, { symbol, price }: SignalView): Content {
  const [short, long] = price.windows.trendSessions
  const { period, deviations } = price.windows.bollinger
  const chart = lineChart({
    title: 'Close, averages and band',
    at: price.at,
    series: [
      { label: 'Close', values: price.close },
      { label: `Average of ${short}`, values: price.short },
      { label: `Average of ${long}`, values: price.long },
    ],
    bands: [{ label: `${period} sessions ± ${deviations} deviations`, low: price.low, high: price.high }],
    note: 'Adjusted for splits and dividends.',
  })
  return interactive(chart, to(frame, 'signals', symbol, 'series'))
}

function historyChart({ history, bands }: SignalView): Content {
  return lineChart({
    title: 'Composite score',
    at: history.map(({ asOf }) => sessionToMs(asOf)),
    series: [{ label: 'Score', values: history.map(({ score }) => score) }],
    levels: [
      { value: bands.buy, label: `buy from ${bands.buy}` },
      { value: bands.hold, label: `sell below ${bands.hold}` },
    ],
  })
}
