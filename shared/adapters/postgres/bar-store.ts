import type { Dataset } from '../../domain/market/bar.ts'
import { type Instant, instant } from '../../domain/market/session.ts'
import type { BarStore } from '../../ports/bar-store.ts'
import type { Database } from '../../ports/database.ts'
import { closedBefore } from '../history/closed-before.ts'
import { overlayBars } from '../history/overlay-bars.ts'
import { requireStorable } from '../history/storable-bars.ts'
import { REVISIONS, tableOf } from './bar-tables.ts'
import { readBars } from './read-bars.ts'
import { monthsOf, upsertBars } from './store-bars.ts'

/**
 * Bars in `ingestion.market_data` and `ingestion.intraday_bars`. One transaction at a time writes bars: the others wait at an advisory lock
 * until it ends, so that counts are exact and no two writers can lock each other out, in whatever order they bring their bars.
 */
export function postgresBarStore(database: Database): BarStore {
  return {
    async store(dataset, series) {
      requireStorable(dataset, series)
      const months = monthsOf(series)
      if (months.length === 0) return { inserted: 0, replaced: 0, unchanged: 0 }
      return database.transaction(async () => {
        await becomeOnlyWriter(database)
        await database.write('select ingestion.ensure_months($1, $2::date[])', [tableOf(dataset).name, months])
        return upsertBars(database, dataset, series)
      })
    },

    read: (query) => readBars(database, query, { table: tableOf(query.dataset) }),

    async readKnownAt(query, knownAt) {
      const to = Math.min(query.to, closedBefore(query.dataset, knownAt)) as Instant
      const current = await readBars(database, { ...query, to }, { table: tableOf(query.dataset) })
      // The version known then is the first that stopped being known later. Where there is none it is the current one.
      const revised = await readBars(
        database,
        { ...query, to },
        { table: REVISIONS, and: 'and known_to > $7', values: [new Date(knownAt)], firstBy: 'known_to' },
      )
      return overlayBars(current, revised)
    },

    async retiredBefore({ source, asset, interval }) {
      const [row] = await database.read<{ before: Date }>(
        'select before from ingestion.retirements where source = $1 and asset = $2 and interval = $3',
        [source, asset, interval],
      )
      return row && instant(row.before)
    },

    datasets: () =>
      database.read<Dataset>(`
        select distinct source, asset, '1d' as interval from ingestion.market_data
        union select distinct source, asset, interval from ingestion.intraday_bars
        order by source, asset, interval`),

    async oldest(dataset) {
      const { name, time, timeType, hasInterval } = tableOf(dataset)
      const instantOf = timeType === 'date' ? `${time}::timestamp at time zone 'UTC'` : time
      const [row] = await database.read<{ oldest: Date | null }>(
        `select min(${instantOf}) as oldest from ingestion.${name}
         where source = $1 and asset = $2 ${hasInterval ? 'and interval = $3' : ''}`,
        [dataset.source, dataset.asset, ...(hasInterval ? [dataset.interval] : [])],
      )
      return row.oldest ? instant(row.oldest) : undefined
    },

    async retire(dataset, before) {
      const { name, time, timeType, timeParameter, hasInterval } = tableOf(dataset)
      const { source, asset, interval } = dataset
      return database.transaction(async () => {
        await becomeOnlyWriter(database)
        await database.write(
          `insert into ingestion.retirements (source, asset, interval, before) values ($1, $2, $3, $4)
           on conflict (source, asset, interval)
           do update set before = greatest(retirements.before, excluded.before), retired_at = now()`,
          [source, asset, interval, new Date(before)],
        )
        const { count } = await database.write(
          `delete from ingestion.${name}
           where source = $1 and asset = $2 and ${time} < $3::${timeType} ${hasInterval ? 'and interval = $4' : ''}`,
          [source, asset, timeParameter(before), ...(hasInterval ? [interval] : [])],
        )
        return count
      })
    },
  }
}

async function becomeOnlyWriter(database: Database): Promise<void> {
  await database.write("select pg_advisory_xact_lock(hashtext('ingestion.bars'), 0)")
}
