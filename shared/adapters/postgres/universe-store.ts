import type { Listing } from '../../domain/universe/listing.ts'
import type { Member } from '../../domain/universe/member.ts'
import type { RankedStock } from '../../domain/universe/ranked-stock.ts'
import type { Database } from '../../ports/database.ts'
import type { UniverseRun, UniverseStore } from '../../ports/universe-stores.ts'
import { known, knownEach } from './missing-numbers.ts'

interface MemberRow extends Omit<Member, 'measures'> {
  readonly measured: boolean
  readonly history_sessions: number
  readonly median_dollar_volume: number | null
  readonly price: number | null
  readonly quality: number | null
  readonly age_sessions: number | null
}

type Nullable<T> = { readonly [K in keyof T]: T[K] extends number ? number | null : T[K] }

interface RankedRow extends Omit<RankedStock, 'measures' | 'values' | 'zScores'> {
  readonly momentum: Record<string, number | null>
  readonly volatility: number | null
  readonly rsi: number | null
  readonly sharpe: number | null
  readonly values: Nullable<RankedStock['values']>
  readonly zScores: Nullable<RankedStock['zScores']>
}

/** `universe.*`, one statement a call: rows go as one JSON document, in which NaN is null. */
export function postgresUniverse(database: Database): UniverseStore {
  return {
    async putListings(listings) {
      await database.write(
        `insert into universe.instruments (symbol, name, sector, currency, exchange, asset, calendar)
         select * from jsonb_to_recordset($1::jsonb)
           as l (symbol text, name text, sector text, currency text, exchange text, asset text, calendar text)
         order by symbol
         on conflict (symbol) do update set (name, sector, currency, exchange, asset, calendar) =
           row (excluded.name, excluded.sector, excluded.currency, excluded.exchange, excluded.asset, excluded.calendar)`,
        [JSON.stringify(listings)],
      )
    },

    listings: () =>
      database.read<Listing>(
        'select symbol, name, sector, currency, exchange, asset, calendar from universe.instruments order by symbol',
      ),

    async putMembers({ run, asOf, source }, members) {
      const rows = members.map(({ listing, status, reasons, measures }) => ({
        ...{ symbol: listing.symbol, listing, status, reasons },
        history_sessions: measures?.historySessions,
        median_dollar_volume: measures?.medianDollarVolume,
        price: measures?.price,
        quality: measures?.quality,
        age_sessions: measures?.ageSessions,
      }))
      await database.write(
        `with gone as (
           delete from universe.members where run = $1 and symbol not in (select m->>'symbol' from jsonb_array_elements($4::jsonb) as m))
         insert into universe.members (run, as_of, source, ${MEMBER_COLUMNS.join(', ')})
         select $1, $2::date, $3, symbol, listing, status, array(select jsonb_array_elements_text(reasons)),
           history_sessions, median_dollar_volume, price, quality, age_sessions
         from jsonb_to_recordset($4::jsonb) as m (symbol text, listing jsonb, status text, reasons jsonb, history_sessions int4,
           median_dollar_volume float8, price float8, quality float8, age_sessions int4)
         order by symbol
         on conflict (run, symbol) do update set as_of = excluded.as_of, source = excluded.source,
           ${MEMBER_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}`,
        [run, asOf, source, JSON.stringify(rows)],
      )
    },

    async members(run) {
      const rows = await database.read<MemberRow>(
        `select ${MEMBER_COLUMNS.join(', ')}, history_sessions is not null as measured
         from universe.members where run = $1 order by symbol`,
        [run],
      )
      return rows.map(memberOf)
    },

    async putRanking({ run, asOf, source }, ranking) {
      const rows = ranking.map(({ measures, ...stock }) => ({ ...stock, ...measures }))
      await database.write(
        `with header as (
           insert into universe.runs (run, as_of, source) values ($1, $2::date, $3)
           on conflict (run) do update set as_of = excluded.as_of, source = excluded.source),
         gone as (
           delete from universe.rankings where run = $1 and symbol not in (select s->>'symbol' from jsonb_array_elements($4::jsonb) as s))
         insert into universe.rankings (run, ${RANKING_COLUMNS.join(', ')})
         select $1, symbol, sector, rank, quintile, score, observed, momentum, volatility, rsi, sharpe, "values", "zScores"
         from jsonb_to_recordset($4::jsonb) as s (symbol text, sector text, rank int4, quintile int4, score float8, observed boolean,
           momentum jsonb, volatility float8, rsi float8, sharpe float8, "values" jsonb, "zScores" jsonb)
         order by symbol
         on conflict (run, symbol) do update set ${RANKING_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}`,
        [run, asOf, source, JSON.stringify(rows)],
      )
    },

    async ranking(run) {
      const rows = await database.read<RankedRow>(
        `select symbol, sector, rank, quintile, score, observed, momentum, volatility, rsi, sharpe,
           factors as "values", z_scores as "zScores"
         from universe.rankings where run = $1 order by rank`,
        [run],
      )
      return rows.map(rankedOf)
    },

    async latest(source, through) {
      const [run] = await database.read<UniverseRun>(
        `select run, as_of as "asOf", source from universe.runs where source = $1 and as_of <= $2::date
         order by as_of desc, ranked_at desc, run desc limit 1`,
        [source, through],
      )
      return run
    },
  }
}

const MEMBER_COLUMNS = [
  ...['symbol', 'listing', 'status', 'reasons'],
  ...['history_sessions', 'median_dollar_volume', 'price', 'quality', 'age_sessions'],
]

const RANKING_COLUMNS = [
  ...['symbol', 'sector', 'rank', 'quintile', 'score', 'observed'],
  ...['momentum', 'volatility', 'rsi', 'sharpe', 'factors', 'z_scores'],
]

function memberOf(row: MemberRow): Member {
  const { listing, status, reasons } = row
  if (!row.measured) return { listing, status, reasons }
  const measures = {
    historySessions: row.history_sessions,
    medianDollarVolume: known(row.median_dollar_volume),
    price: known(row.price),
    quality: known(row.quality),
    ageSessions: known(row.age_sessions),
  }
  return { listing, status, reasons, measures }
}

function rankedOf({ momentum, volatility, rsi, sharpe, values, zScores, ...stock }: RankedRow): RankedStock {
  const measures = {
    momentum: knownEach(momentum),
    volatility: known(volatility),
    rsi: known(rsi),
    sharpe: known(sharpe),
  }
  return { ...stock, measures, values: knownEach(values), zScores: knownEach(zScores) }
}
