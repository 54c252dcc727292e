import type { SymbolQuality } from '../../domain/ingestion/judge-window.ts'
import type { Database } from '../../ports/database.ts'
import type { QualityReport, QualityReports } from '../../ports/ingestion-stores.ts'
import { lastBy } from '../history/last-by.ts'

const REPORT = `select run, from_session as "from", to_session as "to", interval, source, verdict, score,
  expected::float8, good::float8, stored::float8, archived::float8, reasons from ingestion.quality_reports`

/** Reports in `ingestion.quality_reports`, their lines in `ingestion.quality_symbols`. A report put again replaces the earlier one whole. */
export function postgresQualityReports(database: Database): QualityReports {
  const withSymbols = async (reports: readonly Omit<QualityReport, 'symbols'>[]): Promise<QualityReport[]> => {
    const lines = await database.read<SymbolQuality & { run: string }>(
      `select run, symbol, verdict, expected::float8, good::float8, quarantined::float8, warnings::float8, reason
       from ingestion.quality_symbols where run = any($1) order by run, symbol`,
      [reports.map(({ run }) => run)],
    )
    return reports.map((report) => ({
      ...report,
      symbols: lines.filter(({ run }) => run === report.run).map(lineOf),
    }))
  }

  return {
    async put(report) {
      const { run, symbols } = report
      const lines = lastBy(symbols, ({ symbol }) => symbol)
      await database.transaction(async () => {
        await database.write(
          `insert into ingestion.quality_reports
             (run, from_session, to_session, interval, source, verdict, score, expected, good, stored, archived, reasons)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
           on conflict (run) do update
           set from_session = excluded.from_session, to_session = excluded.to_session, interval = excluded.interval,
             source = excluded.source, verdict = excluded.verdict, score = excluded.score, expected = excluded.expected,
             good = excluded.good, stored = excluded.stored, archived = excluded.archived, reasons = excluded.reasons`,
          [
            run,
            report.from,
            report.to,
            report.interval,
            report.source,
            report.verdict,
            report.score,
            report.expected,
            report.good,
            report.stored,
            report.archived,
            report.reasons,
          ],
        )
        await database.write('delete from ingestion.quality_symbols where run = $1', [run])
        await database.write(
          `insert into ingestion.quality_symbols (run, symbol, verdict, expected, good, quarantined, warnings, reason)
           select $1, * from unnest($2::text[], $3::text[], $4::int8[], $5::int8[], $6::int8[], $7::int8[], $8::text[]) as line`,
          [
            run,
            lines.map(({ symbol }) => symbol),
            lines.map(({ verdict }) => verdict),
            lines.map(({ expected }) => expected),
            lines.map(({ good }) => good),
            lines.map(({ quarantined }) => quarantined),
            lines.map(({ warnings }) => warnings),
            lines.map(({ reason }) => reason ?? null),
          ],
        )
      })
    },

    async get(run) {
      const [report] = await withSymbols(await database.read<QualityReport>(`${REPORT} where run = $1`, [run]))
      return report
    },

    latest: async (limit) =>
      withSymbols(
        await database.read<QualityReport>(`${REPORT} order by reported_at desc, run desc limit $1`, [limit]),
      ),
  }
}

function lineOf({ symbol, verdict, expected, good, quarantined, warnings, reason }: SymbolQuality): SymbolQuality {
  const line = { symbol, verdict, expected, good, quarantined, warnings }
  return reason ? { ...line, reason } : line
}
