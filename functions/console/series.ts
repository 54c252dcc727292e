/** The numbers of a chart as its script reads them: columns, times in seconds, null where there is none. */
export interface ChartNumbers {
  readonly title: string
  readonly unit: 'number' | 'percent'
  readonly at: readonly number[]
  readonly series: readonly {
    readonly label: string
    readonly area: boolean
    readonly values: readonly (number | null)[]
  }[]
  readonly bands: readonly {
    readonly label: string
    readonly low: readonly (number | null)[]
    readonly high: readonly (number | null)[]
  }[]
}

interface Line {
  readonly label: string
  readonly values: Float64Array
  readonly area?: boolean
}

interface Edges {
  readonly label: string
  readonly low: Float64Array
  readonly high: Float64Array
}

/** More than a screen can show, and much less to send than whole doubles. */
const DIGITS = 7

export function chartNumbers(
  title: string,
  unit: ChartNumbers['unit'],
  at: Float64Array,
  lines: readonly Line[],
  bands: readonly Edges[] = [],
): ChartNumbers {
  return {
    title,
    unit,
    at: Array.from(at, (ms) => ms / 1000),
    series: lines.map(({ label, values, area = false }) => ({ label, area, values: column(values) })),
    bands: bands.map(({ label, low, high }) => ({ label, low: column(low), high: column(high) })),
  }
}

function column(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null))
}
