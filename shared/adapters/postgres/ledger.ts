import type { Position } from '../../domain/ledger/book.ts'
import { compareEntries } from '../../domain/ledger/compare-entries.ts'
import { applyEntry, foldBook } from '../../domain/ledger/fold-book.ts'
import type { Database } from '../../ports/database.ts'
import type { Ledger } from '../../ports/ledger.ts'
import { otherSource } from '../history/other-source.ts'
import { type EntryRow, toEntry, toRow } from './ledger-rows.ts'
import { readBook } from './read-book.ts'

const GIVEN = `key, session, kind, symbol, side, quantity, price, value, fee, ratio, gross, withheld, amount, reason, origin, order_id,
  reference_price, at`
const POSITION = ['quantity', 'cost', 'average_cost', 'realised', 'dividends', 'fees', 'opened', 'lots']

/** The ledger in `execution.entries`, and what it comes to in `execution.positions`. Who records waits for the one before. */
export function postgresLedger(database: Database): Ledger {
  const entries: Ledger['entries'] = async (through, from) => {
    const rows = await database.read<EntryRow>(
      `select key, session, kind, symbol, side, quantity, price, fee, ratio, gross, withheld, amount, reason, origin, order_id,
         reference_price, (extract(epoch from at) * 1000)::float8 as at
       from execution.entries where ($1::date is null or session <= $1) and ($2::date is null or session >= $2)`,
      [through ?? null, from ?? null],
    )
    return rows.map(toEntry).sort(compareEntries)
  }

  const source = async () => {
    const [row] = await database.read<{ source: string }>('select source from execution.entries limit 1')
    return row?.source
  }

  const book: Ledger['book'] = async (through) => {
    const stored = await readBook(database)
    const isThrough = through === undefined || stored.through === undefined || stored.through <= through
    return isThrough ? stored : foldBook(await entries(through))
  }

  return {
    entries,
    book,
    source,
    record: (given, recorded) =>
      database.transaction(async () => {
        await database.write("select pg_advisory_xact_lock(hashtext('execution.ledger'), 0)")
        const before = await readBook(database)
        const owner = await source()
        if (owner !== undefined && owner !== given) throw otherSource(owner, given)
        const { rows, count } = await database.write<{ key: string }>(
          `insert into execution.entries (source, ${GIVEN})
           select $1, ${GIVEN} from jsonb_to_recordset($2::jsonb) as entry (
             key text, session date, kind text, symbol text, side text, quantity numeric, price numeric, value numeric, fee numeric,
             ratio numeric, gross numeric, withheld numeric, amount numeric, reason text, origin text, order_id text,
             reference_price numeric, at timestamptz)
           on conflict (key) do nothing
           returning key`,
          [given, JSON.stringify(recorded.map(toRow))],
        )
        if (count === 0) return { recorded: 0, book: before }
        const added = new Set(rows.map(({ key }) => key))
        const fresh = recorded.filter(({ key }) => added.delete(key)).sort(compareEntries)
        // What comes after everything before is added to the book; anything else may change what followed it.
        const isNext = before.through === undefined || fresh[0].session > before.through
        const after = isNext ? fresh.reduce(applyEntry, before) : foldBook(await entries())
        await writePositions(database, [...after.positions.values()])
        return { recorded: count, book: after }
      }),
  }
}

async function writePositions(database: Database, positions: readonly Position[]): Promise<void> {
  const rows = positions.map(({ averageCost, ...position }) => ({ ...position, average_cost: averageCost }))
  await database.write(
    `insert into execution.positions (symbol, ${POSITION.join(', ')})
     select symbol, ${POSITION.join(', ')} from jsonb_to_recordset($1::jsonb) as position (
       symbol text, quantity numeric, cost numeric, average_cost numeric, realised numeric, dividends numeric, fees numeric, opened date,
       lots jsonb)
     order by symbol
     on conflict (symbol) do update set ${POSITION.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    [JSON.stringify(rows)],
  )
}
