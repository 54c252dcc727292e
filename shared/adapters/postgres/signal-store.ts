import type { ComponentScore, ScorePart, Signal } from '../../domain/signals/signal.ts'
import type { Database } from '../../ports/database.ts'
import type { SignalRun, SignalStore } from '../../ports/signal-stores.ts'
import { known } from './missing-numbers.ts'

interface ScoreRow {
  readonly symbol: string
  readonly score: number | null
  readonly reason: string | null
  readonly coverage: number | null
  readonly parts: readonly ScorePart[] | null
  readonly evidence: Readonly<Record<string, unknown>> | null
}

type SignalRow = Omit<Signal, 'dailyVolatility'> & { readonly dailyVolatility: number | null }
type SignalHistory = Awaited<ReturnType<SignalStore['history']>>

/** `signals.*`, one statement a call: rows go as one JSON document, in which NaN is null. */
export function postgresSignals(database: Database): SignalStore {
  return {
    async putScores({ run, asOf, source }, component, scores) {
      await database.write(
        `with gone as (
           delete from signals.scores
           where run = $1 and component = $2 and symbol not in (select s->>'symbol' from jsonb_array_elements($5::jsonb) as s))
         insert into signals.scores (run, component, as_of, source, ${SCORE_COLUMNS.join(', ')})
         select $1, $2, $3::date, $4, ${SCORE_COLUMNS.join(', ')} from jsonb_to_recordset($5::jsonb)
           as s (symbol text, score float8, reason text, coverage float8, parts jsonb, evidence jsonb)
         order by symbol
         on conflict (run, component, symbol) do update set as_of = excluded.as_of, source = excluded.source,
           ${SCORE_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}`,
        [run, component, asOf, source, JSON.stringify(scores)],
      )
    },

    async scores(run, component) {
      const rows = await database.read<ScoreRow>(
        `select ${SCORE_COLUMNS.join(', ')} from signals.scores where run = $1 and component = $2 order by symbol`,
        [run, component],
      )
      return rows.map(scoreOf)
    },

    async putSignals({ run, asOf, source, universe }, signals) {
      await database.write(
        `with header as (
           insert into signals.runs (run, as_of, source, universe) values ($1, $2::date, $3, $4)
           on conflict (run) do update set as_of = excluded.as_of, source = excluded.source, universe = excluded.universe),
         gone as (
           delete from signals.signals where run = $1 and symbol not in (select s->>'symbol' from jsonb_array_elements($5::jsonb) as s))
         insert into signals.signals (run, ${SIGNAL_COLUMNS.join(', ')})
         select $1, symbol, sector, score, band, "zScore", contributions, absent, rank, quintile, observed, "dailyVolatility"
         from jsonb_to_recordset($5::jsonb) as s (symbol text, sector text, score float8, band text, "zScore" float8,
           contributions jsonb, absent jsonb, rank int4, quintile int4, observed boolean, "dailyVolatility" float8)
         order by symbol
         on conflict (run, symbol) do update set ${SIGNAL_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}`,
        [run, asOf, source, universe, JSON.stringify(signals)],
      )
    },

    async signals(run) {
      const rows = await database.read<SignalRow>(
        `select symbol, sector, score, band, z_score as "zScore", contributions, absent, rank, quintile, observed,
           daily_volatility as "dailyVolatility"
         from signals.signals where run = $1 order by signals.score desc, symbol`,
        [run],
      )
      return rows.map(({ dailyVolatility, ...signal }) => ({ ...signal, dailyVolatility: known(dailyVolatility) }))
    },

    async latest(source, through) {
      const [run] = await database.read<SignalRun>(
        `select run, as_of as "asOf", source, universe from signals.runs where source = $1 and as_of <= $2::date
         order by as_of desc, combined_at desc, run desc limit 1`,
        [source, through],
      )
      return run
    },

    async history(symbol, source, limit) {
      const newestFirst = await database.read<SignalHistory[number]>(
        `select distinct on (runs.as_of) runs.as_of as "asOf", run, signals.score, signals.band
         from signals.signals join signals.runs using (run)
         where signals.symbol = $1 and runs.source = $2
         order by runs.as_of desc, combined_at desc, run desc limit $3`,
        [symbol, source, limit],
      )
      return newestFirst.reverse()
    },
  }
}

const SCORE_COLUMNS = ['symbol', 'score', 'reason', 'coverage', 'parts', 'evidence']

const SIGNAL_COLUMNS = [
  ...['symbol', 'sector', 'score', 'band', 'z_score', 'contributions', 'absent'],
  ...['rank', 'quintile', 'observed', 'daily_volatility'],
]

function scoreOf({ symbol, score, reason, coverage, parts, evidence }: ScoreRow): ComponentScore {
  if (score === null) return { symbol, score: undefined, reason: reason ?? '' }
  const whole = { symbol, score, parts: parts ?? [], coverage: known(coverage) }
  return evidence ? { ...whole, evidence } : whole
}
