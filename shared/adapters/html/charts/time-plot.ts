import { msToSession } from '../../../domain/market/session.ts'
import { type Content, type Html, html } from '../html.ts'
import { PLOT_SIZE, plotScale, type Scale } from './paths.ts'
import { niceTicks } from './ticks.ts'
import { timeTicks } from './time-ticks.ts'
import { tickText, type Unit, valueText } from './units.ts'

/** A horizontal line across a plot: a limit, a target. */
export interface Level {
  readonly value: number
  readonly label: string
}

export interface TimePlot {
  readonly title: string
  readonly description: string
  readonly at: ArrayLike<number> // UTC ms, ascending
  /** What must be within the plot; the axis ends at the next round values. */
  readonly low: number
  readonly high: number
  readonly unit: Unit
  readonly levels?: readonly Level[]
  readonly heightPx?: number
  /** The series, in units of the plot. */
  readonly draw: (scale: Scale) => Content
}

const TOP = 8
const BOTTOM = 24
/** As many labels of dates as fit beside each other on a wide and on a narrow screen. */
const WIDE_TICKS = 12
const NARROW_TICKS = 5

/**
 * A plot over time as SVG. It has no fixed width: places along the axis are percentages and the plot itself is stretched, so
 * text keeps its size on every screen; CSS makes room for the labels at its left. Throws RangeError when times do not ascend.
 */
export function timePlot({
  title,
  description,
  at,
  low,
  high,
  unit,
  levels = [],
  heightPx = 260,
  draw,
}: TimePlot): Html {
  const ticks = niceTicks(low, high)
  const bottom = ticks.values[0]
  const top = ticks.values[ticks.values.length - 1]
  const plotHeight = heightPx - TOP - BOTTOM
  const yOf = (value: number) => (TOP + ((top - value) / (top - bottom)) * plotHeight).toFixed(1)
  const from = at[0]
  const to = at[at.length - 1]

  return html`<svg class="plot" role="img" width="100%" height="${heightPx}">
<title>${title}</title><desc>${description}</desc>
${ticks.values.map((value) => horizontal(yOf(value), value === 0 ? 'axis' : 'grid'))}
<svg x="0" y="${TOP}" width="100%" height="${plotHeight}" viewBox="0 0 ${PLOT_SIZE} ${PLOT_SIZE}" preserveAspectRatio="none" overflow="visible">
${draw(plotScale(from, to, bottom, top))}</svg>
${levels.map(({ value }) => horizontal(yOf(value), 'level'))}
${levels.map(({ value, label }) => html`<text class="halo" x="100%" y="${yOf(value)}" dy="-4" text-anchor="end">${label}</text>`)}
${ticks.values.map((value) => html`<text x="-6" y="${yOf(value)}" dy="4" text-anchor="end">${tickText(value, ticks, unit)}</text>`)}
${dateLabels(from, to, heightPx)}</svg>`
}

function horizontal(y: string, name: string): Html {
  return html`<line class="${name}" x1="0" x2="100%" y1="${y}" y2="${y}"/>`
}

function dateLabels(from: number, to: number, heightPx: number): Html[] {
  const always = new Map(timeTicks(from, to, NARROW_TICKS).map(({ at, label }) => [at, label]))
  const shareOf = (at: number) => (to > from ? (at - from) / (to - from) : 0.5)
  const ticks = timeTicks(from, to, WIDE_TICKS)
  const known = new Set(ticks.map(({ at }) => at))
  for (const [at, label] of always) if (!known.has(at)) ticks.push({ at, label })
  return ticks.map(({ at, label }) => {
    const share = shareOf(at)
    const anchor = share < 0.04 ? 'start' : share > 0.97 ? 'end' : 'middle'
    const x = `${(share * 100).toFixed(2)}%`
    // Mondays do not begin months: a label of one screen may stand where the other's would touch it.
    const kind = always.has(at) ? !known.has(at) && html`class="narrow"` : html`class="wide"`
    return html`<g ${kind}><line class="axis" x1="${x}" x2="${x}" y1="${heightPx - BOTTOM}" y2="${heightPx - BOTTOM + 5}"/><text x="${x}" y="${heightPx - 6}" text-anchor="${anchor}">${always.get(at) ?? label}</text></g>`
  })
}

/** What a series does, in a sentence for those who do not see it; nothing is said of a series without values. */
export function describeSeries(label: string, at: ArrayLike<number>, values: ArrayLike<number>, unit: Unit): string {
  let first = -1
  let last = -1
  let lowest = -1
  let highest = -1
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue
    if (first < 0) first = i
    last = i
    if (lowest < 0 || values[i] < values[lowest]) lowest = i
    if (highest < 0 || values[i] > values[highest]) highest = i
  }
  if (first < 0) return `${label}: no values.`
  const when = (i: number) => `${valueText(values[i], unit)} on ${msToSession(at[i])}`
  return `${label}: from ${when(first)} to ${when(last)}; lowest ${when(lowest)}, highest ${when(highest)}.`
}

/** Throws RangeError unless the times ascend and every series has a value for each. */
export function checkTimes(
  title: string,
  at: ArrayLike<number>,
  columns: readonly (readonly [string, ArrayLike<number>])[],
) {
  for (let i = 0; i < at.length; i++) {
    if (!Number.isFinite(at[i]) || (i > 0 && at[i] <= at[i - 1])) {
      throw new RangeError(`The times of "${title}" do not ascend at ${i}: ${at[i - 1]}, then ${at[i]}`)
    }
  }
  for (const [label, values] of columns) {
    if (values.length === at.length) continue
    throw new RangeError(`"${label}" of "${title}" has ${values.length} values for ${at.length} times`)
  }
}

/** The lowest and highest value, NaN left out; undefined when there is none. Throws RangeError when one is infinite. */
export function extentOf(columns: readonly ArrayLike<number>[]): { low: number; high: number } | undefined {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      if (column[i] < low) low = column[i]
      if (column[i] > high) high = column[i]
    }
  }
  if (low > high) return undefined
  if (!Number.isFinite(low) || !Number.isFinite(high))
    throw new RangeError(`Nothing infinite can be drawn (${low} to ${high})`)
  return { low, high }
}
