/** `rate` is a yield in percent (^TNX 4.25 is 4.25 %), not a price. */
export type AssetClass = 'equity' | 'index' | 'rate' | 'crypto'

export const ASSET_CLASSES: readonly AssetClass[] = ['equity', 'index', 'rate', 'crypto']

/** The New York Stock Exchange's sessions, or every day of the year (crypto, UTC days). */
export type CalendarName = 'XNYS' | '24/7'

export interface Instrument {
  readonly symbol: string
  readonly asset: AssetClass
  readonly calendar: CalendarName
  readonly name?: string
  /** GICS sector, for equities. */
  readonly sector?: string
}

const RATES = new Set(['^TNX', '^IRX', '^FVX', '^TYX'])

/**
 * The instrument a bare symbol stands for: `^TNX ^IRX ^FVX ^TYX` are rates, other `^…` indices, `…-USD` crypto, the rest
 * equities.
 */
export function instrumentOf(symbol: string): Instrument {
  if (RATES.has(symbol)) return { symbol, asset: 'rate', calendar: 'XNYS' }
  if (symbol.startsWith('^')) return { symbol, asset: 'index', calendar: 'XNYS' }
  if (symbol.endsWith('-USD')) return { symbol, asset: 'crypto', calendar: '24/7' }
  return { symbol, asset: 'equity', calendar: 'XNYS' }
}
