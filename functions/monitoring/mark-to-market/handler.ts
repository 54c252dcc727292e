import { inChunks } from '../../../shared/domain/in-chunks.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { toText } from '../../../shared/domain/money/decimal.ts'
import { bookBefore, symbolsToMark } from '../../../shared/domain/monitoring/book-before.ts'
import { type MarkedSession, markSessions } from '../../../shared/domain/monitoring/mark-sessions.ts'
import { sectorOf } from '../../../shared/domain/monitoring/sector-of.ts'
import { DayOpened, NothingHeld, PortfolioMarked } from '../../../shared/events/monitoring.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { step } from '../../../shared/runtime/step.ts'
import { readMarket } from './read-market.ts'

/** Sessions written at once: years are marked without holding them all. */
const SESSIONS_A_WRITE = 63

/** Values the fund at every close of the range, and tells what each session brought and why. Marking again replaces. */
export default step({
  name: 'monitoring-mark-to-market',
  on: DayOpened,
  emits: [PortfolioMarked, NothingHeld],
  uses: ['settings', 'ledger', 'barHistory', 'rebalances', 'monitoring'],
  timeoutMs: 300_000,
  // Two at once could write the same sessions in different order and wait for each other.
  concurrency: 1,

  async run(range, ports) {
    const { settings, ledger, monitoring } = ports
    const [from, to] = [session(range.from), session(range.to)]
    const entries = await ledger.entries(to)
    if (entries.length === 0) return [NothingHeld.of(range)]
    const kept = await ledger.source()
    if (kept !== undefined && kept !== range.source) {
      throw new InputError(`Monitoring with prices of "${range.source}": the book is kept with those of "${kept}"`)
    }
    const before = bookBefore(entries, from)
    const symbols = symbolsToMark(before, entries, from)
    const market = await readMarket(ports, symbols, { from, to, source: range.source })
    const sectors = sectorOf(settings.mandate.universe.listings)

    let sessions = 0
    let last: MarkedSession | undefined
    for (const some of inChunks(
      markSessions({ from, to, entries, before, ...market, sectorOf: sectors }),
      SESSIONS_A_WRITE,
    )) {
      const snapshots = some.map(({ snapshot }) => snapshot)
      await monitoring.putSnapshots(
        range.source,
        snapshots,
        some.flatMap(({ marks }) => marks),
      )
      sessions += some.length
      last = some.at(-1)
    }
    if (!last) return [NothingHeld.of(range)]
    const { value, cash } = last.snapshot
    return [PortfolioMarked.of({ ...range, sessions, value: toText(value), cash: toText(cash) })]
  },
})
