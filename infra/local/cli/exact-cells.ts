import type { CsvTable } from '../../../shared/adapters/csv/csv-table.ts'
import { compare, type Decimal, decimal, toText, ZERO } from '../../../shared/domain/money/decimal.ts'
import { InputError } from '../../../shared/ports/errors.ts'

/** Where a row stands, as messages name it. */
export function placeOf(table: CsvTable, row: number): string {
  return `${table.file} line ${table.line(row)}`
}

/** The text of a cell that may not be empty. */
export function textCell(table: CsvTable, name: string, row: number): string {
  const text = table.text(name)(row)
  if (text === '') throw new InputError(`${placeOf(table, row)}: no ${name}`)
  return text
}

/** An exact decimal of a cell, as its plain text: above zero, or from zero; an empty cell is what `otherwise` says. */
export function exactCell(
  table: CsvTable,
  name: string,
  row: number,
  range: 'above-zero' | 'from-zero',
  otherwise?: string,
): string {
  const text = table.text(name)(row) || otherwise || ''
  const value = readExact(text, `${placeOf(table, row)}: ${name}`)
  const sign = compare(value, ZERO)
  if (sign > 0 || (sign === 0 && range === 'from-zero')) return toText(value)
  const expected = range === 'above-zero' ? 'a number above 0' : 'a number from 0'
  throw new InputError(`${placeOf(table, row)}: ${name} ${toText(value)}, expected ${expected}`)
}

/** A person's number, exactly as written. */
export function readExact(text: string, what: string): Decimal {
  if (!/^-?\d+(\.\d+)?$/.test(text))
    throw new InputError(`${what} "${text}", expected a plain decimal number such as 12.5`)
  return decimal(text)
}
