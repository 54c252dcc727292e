import type { QualityReport, QualityReports } from '../../ports/ingestion-stores.ts'

/** Reports in this process. */
export function memoryQualityReports(): QualityReports {
  const reports = new Map<string, QualityReport>()
  return {
    async put(report) {
      const symbols = [...report.symbols].sort((a, b) => (a.symbol < b.symbol ? -1 : 1))
      reports.set(report.run, { ...report, symbols })
    },
    get: async (run) => reports.get(run),
    latest: async (limit) => [...reports.values()].reverse().slice(0, limit),
  }
}
