import type { CsvTable } from '../../../shared/adapters/csv/csv-table.ts'
import { instantFromText } from '../../../shared/domain/market/instant-text.ts'
import { InputError } from '../../../shared/ports/errors.ts'

/** Refuses a file whose periods are out of order or repeated: the wrong file, or a join gone wrong. One without dates has no order. */
export function checkAscendingDates(table: CsvTable): void {
  if (!table.has('date')) return
  const date = table.text('date')
  let before = Number.NEGATIVE_INFINITY
  for (let row = 0; row < table.rows; row++) {
    const place = `${table.file} line ${table.line(row)}`
    const at = timeOf(date(row), place)
    if (at <= before) {
      throw new InputError(`${place}: ${date(row)} after ${date(row - 1)}, expected dates ascending and unique`)
    }
    before = at
  }
}

/** Only the order is asked for, so a time of day without a zone is as good as any: it is read as UTC. */
const WITHOUT_ZONE = /^\d{4}-\d{2}-\d{2}[T ][\d:.]+$/

function timeOf(text: string, place: string): number {
  try {
    return instantFromText(WITHOUT_ZONE.test(text) ? `${text}Z` : text)
  } catch (cause) {
    throw new InputError(
      `${place}: date "${text}" is not a date (expected YYYY-MM-DD, or a time such as 2024-01-02T09:30)`,
      { cause },
    )
  }
}
