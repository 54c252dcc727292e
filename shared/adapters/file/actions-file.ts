import type { CorporateAction } from '../../domain/market/corporate-action.ts'
import { isSession } from '../../domain/market/session.ts'
import { InputError } from '../../ports/errors.ts'
import { type Hashed, readTable, sha256Of } from './table.ts'

/**
 * Reads `symbol,date,type,value[,source]`, in the file's order: type `split` (new shares per old, 1 being none) or `dividend` (cash per
 * share). Without a source column all actions are of the source ''.
 * @throws InputError naming the line of a wrong type, date or value, and as `readCsv` does.
 */
export async function readActionsFile(file: string): Promise<Hashed<CorporateAction>> {
  const columns = { required: ['symbol', 'date', 'type', 'value'], optional: ['source'] }
  const { table, bytes } = await readTable(file, columns)
  const [symbol, date, type] = ['symbol', 'date', 'type'].map((name) => table.text(name))
  const source = table.has('source') ? table.text('source') : () => ''
  const values = table.number('value')

  const actions: CorporateAction[] = []
  for (let row = 0; row < table.rows; row++) {
    const wrong = (column: string, found: unknown, expected: string) =>
      new InputError(`${table.where(row)}, column "${column}": ${JSON.stringify(found)} is not ${expected}`)
    const exDate = date(row)
    const kind = type(row)
    const value = values[row]
    if (symbol(row) === '') throw new InputError(`${table.where(row)}, column "symbol" is empty`)
    if (!isSession(exDate)) throw wrong('date', exDate, 'a date, expected YYYY-MM-DD')
    if (kind !== 'split' && kind !== 'dividend') throw wrong('type', kind, 'a type, expected split or dividend')
    if (Number.isNaN(value)) throw new InputError(`${table.where(row)}, column "value" is empty`)
    if (!(value > 0)) throw wrong('value', value, 'positive')
    if (kind === 'split' && value === 1) continue
    actions.push({ symbol: symbol(row), exDate, type: kind, value, source: source(row) })
  }
  return { rows: actions, sha256: sha256Of(bytes) }
}
