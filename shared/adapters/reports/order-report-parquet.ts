import type { SchemaElement } from 'hyparquet'
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer'
import type { ConsideredTrade } from '../../domain/portfolio/considered-trade.ts'
import { WRITE_OPTIONS } from '../parquet/bar-schema.ts'
import { cellNumber, TRADE_COLUMNS, type TradeColumn } from './order-report-columns.ts'

/** A row a considered trade, with the columns of the CSV: texts, and doubles that are null where nothing is known. */
export function orderReportParquet(trades: readonly ConsideredTrade[]): Uint8Array {
  const schema = [{ name: 'trades', num_children: TRADE_COLUMNS.length }, ...TRADE_COLUMNS.map(elementOf)]
  const columnData = TRADE_COLUMNS.map((column) => columnOf(column, trades))
  return new Uint8Array(parquetWriteBuffer({ ...WRITE_OPTIONS, schema, columnData }))
}

function elementOf({ name, kind }: TradeColumn): SchemaElement {
  if (kind !== 'text') return { name, type: 'DOUBLE', repetition_type: 'OPTIONAL' }
  return {
    name,
    type: 'BYTE_ARRAY',
    repetition_type: 'REQUIRED',
    converted_type: 'UTF8',
    logical_type: { type: 'STRING' },
  }
}

function columnOf(column: TradeColumn, trades: readonly ConsideredTrade[]): ColumnSource {
  const { name } = column
  if (column.kind === 'text') return { name, data: trades.map(column.of), encoding: 'PLAIN' }
  return { name, data: trades.map((trade) => cellNumber(column, trade)), encoding: 'PLAIN' }
}
