import { instrumentOf } from '../../../shared/domain/market/instrument.ts'
import { instant, type Session, sessionToMs } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import type { House } from '../house.ts'

/**
 * Refuses rows about a symbol that cannot be a holding: an index or a yield, or one that neither the mandate nor the settings name and that
 * has no prices from the source. A slip of the pen would stand in the book as a company that nobody can value.
 * @throws InputError naming the place of the first of them.
 */
export async function checkSymbols(
  { settings, parts: { ports, clock } }: House,
  source: string,
  rows: readonly { readonly place: string; readonly symbol: string }[],
): Promise<void> {
  const { listings } = settings.mandate.universe
  const known = new Set([...listings, ...settings.instruments].map(({ symbol }) => symbol))
  for (const { place, symbol } of rows) {
    const { asset } = instrumentOf(symbol)
    if (asset !== 'equity' && asset !== 'crypto') {
      throw new InputError(
        `${place}: symbol "${symbol}" is ${asset === 'rate' ? 'a rate' : 'an index'}, expected a stock or a coin`,
      )
    }
    if (known.has(symbol)) continue
    const dataset = { source, asset, interval: '1d' } as const
    const range = { from: sessionToMs(tradingCalendar('XNYS').first as Session), to: instant(clock.now()) }
    const series = await ports.barHistory.read({ dataset, symbols: [symbol], ...range })
    if (!series.some(({ at }) => at.length > 0)) {
      throw new InputError(`${place}: symbol "${symbol}" is not in the mandate, and "${source}" has no prices of it`)
    }
    known.add(symbol)
  }
}
