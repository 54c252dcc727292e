import { type Content, type Html, html } from '../html.ts'
import { percent, plain } from '../numbers.ts'
import { BAR_HEIGHT, bar, barTable } from './bar-table.ts'
import type { Unit } from './units.ts'

export interface PairedBars {
  readonly title: string
  /** What is drawn as a bar and what as a mark: `['Weight', 'Target']`. */
  readonly names: readonly [string, string]
  readonly pairs: readonly { readonly label: Content; readonly actual: number; readonly target: number }[] // NaN where there is none
  /** A limit that holds for every row. */
  readonly cap?: { readonly value: number; readonly label: string }
  readonly unit?: Unit
  readonly note?: Content
}

/** Two values a name: a bar, and a mark where it should end. */
export function pairedBars({ title, names, pairs, cap, unit = 'percent', note }: PairedBars): Html {
  const shown = (value: number) => (unit === 'percent' ? percent(value, 2) : plain(value))
  const values = [...pairs.flatMap(({ actual, target }) => [actual, target]), cap?.value ?? Number.NaN]
  const finite = values.filter((value) => !Number.isNaN(value))
  const upright = (x: number, name: string) =>
    html`<line class="${name}" x1="${x}%" x2="${x}%" y1="0" y2="${BAR_HEIGHT}"/>`
  const legend = html`<ul class="legend"><li><svg aria-hidden="true" width="22" height="12"><rect class="series-1" y="1" width="22" height="10"/></svg>${names[0]}</li><li class="bar"><svg aria-hidden="true" width="22" height="12"><line class="target" x1="11" x2="11" y1="0" y2="12"/></svg>${names[1]}</li>${
    cap &&
    html`<li><svg aria-hidden="true" width="22" height="12"><line class="level" x1="0" x2="22" y1="6" y2="6"/></svg>${cap.label}</li>`
  }</ul>`
  return barTable({
    title,
    headers: { label: 'Name', bar: `${names[0]} and ${names[1].toLowerCase()}`, after: names },
    low: Math.min(0, ...finite),
    high: Math.max(0, ...finite),
    legend,
    rows: pairs.map(({ label, actual, target }) => ({
      label,
      after: [shown(actual), shown(target)],
      draw: (across) => [
        !Number.isNaN(actual) && bar(across, 0, actual, 'series-1'),
        cap && upright(across(cap.value), 'level'),
        !Number.isNaN(target) && upright(across(target), 'target'),
      ],
    })),
    note,
  })
}
