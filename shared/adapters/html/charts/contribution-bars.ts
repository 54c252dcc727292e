import { type Content, type Html, html } from '../html.ts'
import { percent, plain, signed } from '../numbers.ts'
import { toned } from '../toned.ts'
import { BAR_HEIGHT, bar, barTable } from './bar-table.ts'

export interface ContributionBars {
  readonly title: string
  /** A part's contribution is its value times its weight. NaN where there is none, and it adds nothing. */
  readonly parts: readonly { readonly label: Content; readonly value: number; readonly weight: number }[]
  /** What the sum is called: `Score`. */
  readonly total: string
  readonly digits?: number
  readonly note?: Content
}

/** How a sum comes about: each bar begins where the one above it ended, the last is the whole. */
export function contributionBars({ title, parts, total, digits = 3, note }: ContributionBars): Html {
  let sum = 0
  let low = 0
  let high = 0
  const steps = parts.map(({ label, value, weight }) => {
    const contribution = value * weight
    const from = sum
    if (!Number.isNaN(contribution)) sum += contribution
    low = Math.min(low, sum)
    high = Math.max(high, sum)
    return { label, value, weight, contribution, from, to: sum }
  })
  const rows = steps.map(({ label, value, weight, contribution, from, to }) => ({
    label: html`${label}<small class="narrow">${plain(value, digits)} × ${percent(weight)}</small>`,
    before: [plain(value, digits), percent(weight)],
    after: [toned(signed(contribution, digits))],
    draw: (across: (value: number) => number) => [
      !Number.isNaN(contribution) && bar(across, from, to, to < from ? 'negative' : 'positive'),
      html`<line class="join" x1="${across(to)}%" x2="${across(to)}%" y1="${BAR_HEIGHT - 2}" y2="${BAR_HEIGHT + 8}"/>`,
    ],
  }))
  if (rows.length === 0) return barTable({ title, headers: { label: '', bar: '', after: [] }, low, high, rows, note })
  const whole = {
    label: html`<strong>${total}</strong>`,
    before: ['', ''],
    after: [html`<strong>${toned(signed(sum, digits))}</strong>`],
    draw: (across: (value: number) => number) => bar(across, 0, sum, 'total'),
  }
  const headers = { label: 'Part', before: ['Value', '× Weight'], bar: 'Sum so far', after: ['Adds'] }
  return barTable({ title, headers, low, high, rows: [...rows, whole], note })
}
