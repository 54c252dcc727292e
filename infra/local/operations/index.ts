import type { z } from 'zod'
import { importPositions, listPositions, moveCash, showCash } from './book.ts'
import { dataRange } from './data-range.ts'
import { checkDatabase, listMigrations } from './database.ts'
import { listDeadLetters, replayDeadLetters, showDeadLetter } from './dead-letters.ts'
import { explain } from './explain.ts'
import { exportBars } from './export-bars.ts'
import { importFills } from './fills.ts'
import { fundSummary } from './fund.ts'
import { listLots } from './lots.ts'
import { listObjects } from './objects.ts'
import { dueSlot, latestRun, listRuns, openRun, retry, runProgress, showRun, waitForRun } from './runs.ts'
import { trail } from './trail.ts'

/** Everything the command line can ask of the owner of a state folder. */
export const operations = {
  'due-slot': dueSlot,
  'open-run': openRun,
  'latest-run': latestRun,
  'run-progress': runProgress,
  'run-wait': waitForRun,
  'runs-list': listRuns,
  'run-show': showRun,
  'run-retry': retry,
  'dead-letters-list': listDeadLetters,
  'dead-letters-show': showDeadLetter,
  'dead-letters-replay': replayDeadLetters,
  trail,
  'objects-list': listObjects,
  'export-bars': exportBars,
  explain,
  'fund-summary': fundSummary,
  'fills-import': importFills,
  'positions-import': importPositions,
  'positions-list': listPositions,
  'positions-lots': listLots,
  'cash-move': moveCash,
  'cash-show': showCash,
  'data-range': dataRange,
  'migrations-list': listMigrations,
  'database-check': checkDatabase,
}

export type OperationName = keyof typeof operations
export type OperationInput<Name extends OperationName> = z.input<(typeof operations)[Name]['input']>
export type OperationOutput<Name extends OperationName> = Awaited<ReturnType<(typeof operations)[Name]['run']>>
