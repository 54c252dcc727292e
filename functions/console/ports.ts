import type { AllPorts } from '../../shared/runtime/ports.ts'

/** What the console reads, and the one thing that it does: dead letters are offered again by `deadLetterOffice`. */
export const USES = [
  'clock',
  'settings',
  'consolePages',
  'runViews',
  'runLogs',
  'deadLetterOffice',
  'universe',
  'signals',
  'rebalances',
  'orders',
  'monitoring',
  'dailyReports',
  'qualityReports',
  'quarantine',
  'barHistory',
  'objects',
] as const

export type ConsolePorts = Pick<AllPorts, (typeof USES)[number]>
