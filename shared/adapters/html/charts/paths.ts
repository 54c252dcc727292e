/** From an instant and a value to a place in a plot of `PLOT_SIZE` by `PLOT_SIZE` units, which the browser stretches. */
export interface Scale {
  readonly x: (at: number) => number
  readonly y: (value: number) => number
}

export const PLOT_SIZE = 1000
/** Two units are about two pixels of a wide screen: nothing that could be seen is lost by keeping what is lowest and highest there. */
const COLUMN = 2

export type Point = readonly [x: number, y: number]

/** The scale of a span of time and a range of values; zero is at the top, as in SVG. A span without length is put in the middle. */
export function plotScale(from: number, to: number, low: number, high: number): Scale {
  return {
    x: (at) => (to > from ? Math.round(((at - from) / (to - from)) * PLOT_SIZE) : PLOT_SIZE / 2),
    y: (value) => Math.round(((high - value) / (high - low)) * PLOT_SIZE),
  }
}

/**
 * The unbroken runs of a series, parted at NaN. A series of more points than the plot has columns keeps the lowest and the
 * highest of each column (so many units wide), in their order, so every peak stays.
 */
export function runsOf(
  at: ArrayLike<number>,
  values: ArrayLike<number>,
  scale: Scale,
  columnWidth = COLUMN,
): Point[][] {
  const width = values.length > PLOT_SIZE / columnWidth ? columnWidth : 0
  const runs: Point[][] = []
  let run: Point[] = []
  let column = Number.NaN
  let lowest = 0
  let highest = 0

  const close = () => {
    if (Number.isNaN(column)) return
    for (const i of lowest === highest ? [lowest] : [Math.min(lowest, highest), Math.max(lowest, highest)]) {
      run.push([scale.x(at[i]), scale.y(values[i])])
    }
    column = Number.NaN
  }
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) {
      close()
      if (run.length > 0) runs.push(run)
      run = []
      continue
    }
    const here = width > 0 ? Math.floor(scale.x(at[i]) / width) : i
    if (here !== column) {
      close()
      column = here
      lowest = i
      highest = i
    } else {
      if (values[i] < values[lowest]) lowest = i
      if (values[i] > values[highest]) highest = i
    }
  }
  close()
  if (run.length > 0) runs.push(run)
  return runs
}

/** Path data of lines through runs of points; a run of one point is a dot, where line ends are round. */
export function linePath(runs: readonly (readonly Point[])[]): string {
  return runs.map((run) => trace(run) + (run.length === 1 ? 'h0' : '')).join('')
}

/** Path data of the areas between runs of points and a level. */
export function areaPath(runs: readonly (readonly Point[])[], level: number): string {
  return runs.map((run) => `${trace(run)}V${level}H${run[0][0]}Z`).join('')
}

/**
 * Path data of the area between two series, where both are there. Of more points than columns, each column keeps its lowest
 * low and its highest high.
 */
export function bandPath(at: ArrayLike<number>, low: ArrayLike<number>, high: ArrayLike<number>, scale: Scale): string {
  const width = at.length > PLOT_SIZE / COLUMN ? COLUMN : 1
  let path = ''
  let upper: Point[] = []
  let lower: Point[] = []
  const close = () => {
    if (upper.length > 0) path += `${trace([...upper, ...lower.reverse()])}Z`
    upper = []
    lower = []
  }
  for (let i = 0; i < at.length; i++) {
    if (Number.isNaN(low[i]) || Number.isNaN(high[i])) {
      close()
      continue
    }
    const x = Math.floor(scale.x(at[i]) / width) * width
    const top = scale.y(high[i])
    const bottom = scale.y(low[i])
    const last = upper.length - 1
    if (last >= 0 && upper[last][0] === x) {
      upper[last] = [x, Math.min(upper[last][1], top)]
      lower[last] = [x, Math.max(lower[last][1], bottom)]
    } else {
      upper.push([x, top])
      lower.push([x, bottom])
    }
  }
  close()
  return path
}

/** Steps from point to point are shorter to write than places; a minus sign parts numbers as well as a space. */
function trace(points: readonly Point[]): string {
  let [x, y] = points[0]
  let path = `M${x} ${y}`
  let isFirst = true
  for (const [nextX, nextY] of points) {
    if (nextX === x && nextY === y) continue
    path += `${isFirst ? 'l' : nextX < x ? '' : ' '}${nextX - x}${nextY < y ? '' : ' '}${nextY - y}`
    isFirst = false
    x = nextX
    y = nextY
  }
  return path
}
