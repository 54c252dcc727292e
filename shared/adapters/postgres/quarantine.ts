import type { Database } from '../../ports/database.ts'
import type { Quarantine, QuarantinedBar } from '../../ports/ingestion-stores.ts'
import { keyOf, lastBy } from '../history/last-by.ts'

const NUMBERS = ['open', 'high', 'low', 'close', 'volume'] as const

interface Row
  extends Omit<QuarantinedBar, 'dataset' | 'at'>,
    Pick<QuarantinedBar['dataset'], 'source' | 'asset' | 'interval'> {
  readonly run: string
  readonly at: number | null
}

/** Refused bars in `ingestion.quarantine`, numbers as they came. A bar without a usable time is kept at `infinity` and read as NaN. */
export function postgresQuarantine(database: Database): Quarantine {
  return {
    async put(run, given) {
      const bars = lastBy(given, ({ dataset: { source, asset, interval }, symbol, at, ordinal }) =>
        keyOf(source, asset, interval, symbol, time(at), ordinal),
      )
      await database.write(
        `insert into ingestion.quarantine (run, source, asset, interval, symbol, time, ordinal, reasons, detail, ${NUMBERS.join(', ')})
         select $1, source, asset, interval, symbol, time, ordinal,
           array(select jsonb_array_elements_text(reasons)), detail, ${NUMBERS.join(', ')}
         from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::int4[], $8::jsonb[], $9::text[],
             $10::float8[], $11::float8[], $12::float8[], $13::float8[], $14::float8[])
           as bar (source, asset, interval, symbol, time, ordinal, reasons, detail, ${NUMBERS.join(', ')})
         order by symbol, time, source, asset, interval, ordinal
         on conflict (run, symbol, time, source, asset, interval, ordinal) do update
         set reasons = excluded.reasons, detail = excluded.detail, ${NUMBERS.map((name) => `${name} = excluded.${name}`).join(', ')}`,
        [
          run,
          bars.map(({ dataset }) => dataset.source),
          bars.map(({ dataset }) => dataset.asset),
          bars.map(({ dataset }) => dataset.interval),
          bars.map(({ symbol }) => symbol),
          bars.map(({ at }) => time(at)),
          bars.map(({ ordinal }) => ordinal),
          bars.map(({ reasons }) => JSON.stringify(reasons)),
          bars.map(({ detail }) => detail.replaceAll('\0', '')),
          ...NUMBERS.map((name) => bars.map((bar) => bar[name])),
        ],
      )
    },

    async list({ run, symbol, limit }) {
      const rows = await database.read<Row>(
        `select run, source, asset, interval, symbol, ordinal, reasons, detail, ${NUMBERS.join(', ')},
           case when isfinite(time) then (extract(epoch from time) * 1000)::float8 end as at
         from ingestion.quarantine
         where ($1::text is null or run = $1) and ($2::text is null or symbol = $2)
         order by run, symbol, time, source, asset, interval, ordinal
         limit $3`,
        [run ?? null, symbol ?? null, limit ?? null],
      )
      return rows.map(({ source, asset, interval, at, ...bar }) => ({
        ...bar,
        dataset: { source, asset, interval },
        at: at ?? Number.NaN,
      }))
    },
  }
}

/** Years 1 to 9999 in milliseconds. */
const FIRST_MS = -62_135_596_800_000
const LAST_MS = 253_402_300_799_999

function time(at: number): string {
  return at >= FIRST_MS && at <= LAST_MS ? new Date(at).toISOString() : 'infinity'
}
