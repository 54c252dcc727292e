import type { Content, Html } from '../html.ts'
import { signed, signedPercent } from '../numbers.ts'
import { toned } from '../toned.ts'
import { bar, barTable } from './bar-table.ts'
import type { Unit } from './units.ts'

export interface BarChart {
  readonly title: string
  /** What the bars are of, for the head of their column. */
  readonly of: string
  readonly bars: readonly { readonly label: Content; readonly value: number }[] // NaN where there is none
  readonly unit?: Unit
  readonly note?: Content
}

/** One bar a name, to the right of zero or to its left, in the order given. */
export function barChart({ title, of, bars, unit = 'number', note }: BarChart): Html {
  const shown = unit === 'percent' ? signedPercent : signed
  const finite = bars.map(({ value }) => value).filter((value) => !Number.isNaN(value))
  return barTable({
    title,
    headers: { label: 'Name', bar: of, after: ['Value'] },
    low: Math.min(0, ...finite),
    high: Math.max(0, ...finite),
    rows: bars.map(({ label, value }) => ({
      label,
      after: [toned(shown(value))],
      draw: (across) => !Number.isNaN(value) && bar(across, 0, value, value < 0 ? 'negative' : 'positive'),
    })),
    note,
  })
}
