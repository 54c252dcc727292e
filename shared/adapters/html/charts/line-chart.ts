import { type Content, type Html, html } from '../html.ts'
import { figure, type LegendItem, seriesClass } from './frame.ts'
import { areaPath, bandPath, linePath, PLOT_SIZE, runsOf, type Scale } from './paths.ts'
import { checkTimes, describeSeries, extentOf, type Level, timePlot } from './time-plot.ts'
import { type Unit, valueText } from './units.ts'

export interface LineSeries {
  readonly label: string
  readonly values: ArrayLike<number> // NaN where there is none
  /** Tells lines apart where colours do not. In turn solid, dashed and dotted when absent. */
  readonly stroke?: 'solid' | 'dashed' | 'dotted'
  /** Fills down to zero, or to the bottom of the plot where zero is not in it. */
  readonly area?: boolean
}

/** The area between two series: Bollinger bands, a range of outcomes. */
export interface Band {
  readonly label: string
  readonly low: ArrayLike<number>
  readonly high: ArrayLike<number>
}

export interface LineChart {
  readonly title: string
  readonly at: ArrayLike<number> // UTC ms, strictly ascending
  readonly series: readonly LineSeries[]
  readonly bands?: readonly Band[]
  readonly levels?: readonly Level[]
  readonly unit?: Unit
  /** Has zero on its axis. */
  readonly fromZero?: boolean
  readonly heightPx?: number
  readonly note?: Content
}

const STROKES = ['solid', 'dashed', 'dotted'] as const

/**
 * Lines over time, with gaps where values are missing. Thousands of points stay small: what is kept is what a screen can show.
 * The first series is drawn last, on top. Throws RangeError when times do not ascend or lengths differ.
 */
export function lineChart(chart: LineChart): Html {
  const { title, at, series, bands = [], levels = [], unit = 'number', fromZero = false, heightPx, note } = chart
  const edges = bands.flatMap(({ label, low, high }) => [[label, low] as const, [label, high] as const])
  const columns = [...series.map(({ label, values }) => [label, values] as const), ...edges]
  checkTimes(title, at, columns)
  const extent = extentOf([
    ...columns.map(([, values]) => values),
    levels.map(({ value }) => value),
    fromZero ? [0] : [],
  ])
  if (!extent || at.length === 0) return figure(title, [], html`<p class="empty">No values.</p>`, note)

  const lines = series.map((line, i) => ({
    ...line,
    colour: seriesClass(i),
    stroke: line.stroke ?? STROKES[i % STROKES.length],
  }))
  const areas = bands.map((band, i) => ({ ...band, colour: seriesClass(series.length + i) }))
  const legend: LegendItem[] = [
    ...lines.map(({ label, values, colour, stroke }): LegendItem => {
      return { label, sample: `line ${colour} ${stroke}`, kind: 'line', value: lastText(values, unit) }
    }),
    ...areas.map(({ label, colour }): LegendItem => ({ label, sample: `area ${colour}`, kind: 'area' })),
  ]
  const draw = (scale: Scale) => [
    areas.map(({ low, high, colour }) => html`<path class="area ${colour}" d="${bandPath(at, low, high, scale)}"/>\n`),
    lines
      .map(({ values, colour, stroke, area }) => {
        const runs = runsOf(at, values, scale)
        const floor = Math.max(0, Math.min(scale.y(0), PLOT_SIZE))
        return html`${area && html`<path class="area ${colour}" d="${areaPath(runs, floor)}"/>`}<path class="line ${colour} ${stroke}" d="${linePath(runs)}"/>\n`
      })
      .reverse(),
  ]
  const description = series.map(({ label, values }) => describeSeries(label, at, values, unit)).join(' ')
  return figure(title, legend, timePlot({ title, description, at, ...extent, unit, levels, heightPx, draw }), note)
}

function lastText(values: ArrayLike<number>, unit: Unit): string | undefined {
  for (let i = values.length - 1; i >= 0; i--) if (!Number.isNaN(values[i])) return valueText(values[i], unit)
  return undefined
}
