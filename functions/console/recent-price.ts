import { type PriceView, priceView } from '../../shared/domain/console/price-view.ts'
import { msToSession } from '../../shared/domain/market/session.ts'
import type { BarHistory } from '../../shared/ports/bar-store.ts'
import { readDailyBars } from '../../shared/runtime/daily-bars.ts'
import { resolveInstrument, sourceOf } from '../../shared/runtime/settings.ts'
import type { ConsolePorts } from './ports.ts'

/** A year of prices, and as many before it as the longest window wants. */
const SESSIONS_SHOWN = 252
const KEPT_MS = 60_000
const STOCKS_KEPT = 20

type PricePorts = Pick<ConsolePorts, 'clock' | 'settings' | 'barHistory'>

interface Kept {
  readonly until: number
  readonly price: Promise<PriceView>
}

const KEPT = new WeakMap<BarHistory, Map<string, Kept>>()

/**
 * A stock's prices as the technical rules see them, at most a minute old. The page and the script on it ask for the same within a second,
 * and most of a year may lie in the cold store, a file a session.
 */
export function recentPrice(ports: PricePorts, symbol: string): Promise<PriceView> {
  const kept = KEPT.get(ports.barHistory) ?? new Map<string, Kept>()
  KEPT.set(ports.barHistory, kept)
  const now = ports.clock.now()
  const known = kept.get(symbol)
  if (known && known.until > now) return known.price
  const price = readPrice(ports, symbol)
  kept.delete(symbol)
  kept.set(symbol, { until: now + KEPT_MS, price })
  price.catch(() => kept.delete(symbol))
  const [oldest] = kept.keys()
  if (kept.size > STOCKS_KEPT) kept.delete(oldest)
  return price
}

async function readPrice({ clock, settings, barHistory }: PricePorts, symbol: string): Promise<PriceView> {
  const { trendSessions, bollinger } = settings.mandate.signals.technical
  const bars = await readDailyBars(barHistory, {
    source: sourceOf(settings.provider),
    instruments: [resolveInstrument(symbol)],
    through: msToSession(clock.now()),
    sessions: SESSIONS_SHOWN + Math.max(...trendSessions, bollinger.period),
    adjusted: 'total',
  })
  return priceView(bars.get(symbol), { trendSessions, bollinger }, SESSIONS_SHOWN)
}
