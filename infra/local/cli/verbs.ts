import type { Command } from 'commander'
import type { Context } from './context.ts'

/** Adds a verb to the program. */
export type Register = (program: Command, context: Context) => void

/** A verb before its code is loaded: only the one that was asked for is. */
export interface Verb {
  readonly name: string
  readonly summary: string
  load(rest: readonly string[]): Promise<Register>
}

export const VERBS: readonly Verb[] = [
  {
    name: 'demo',
    summary: 'two years of a simulated market through the whole chain',
    load: async () => (await import('./demo.ts')).registerDemo,
  },
  {
    name: 'up',
    summary: 'the local gateway and the schedules, until stopped',
    load: async () => (await import('./up.ts')).registerUp,
  },
  {
    name: 'run',
    summary: 'run a workflow to its end',
    load: async () => (await import('./run.ts')).registerRun,
  },
  {
    name: 'backfill',
    summary: 'market data of a range of dates, resumable',
    load: async () => (await import('./run.ts')).registerBackfill,
  },
  {
    name: 'runs',
    summary: 'what ran and how it went: list, show, retry',
    load: async () => (await import('./runs.ts')).registerRuns,
  },
  {
    name: 'dead-letters',
    summary: 'what could not be done: list, show, replay',
    load: async () => (await import('./dead-letters.ts')).registerDeadLetters,
  },
  {
    name: 'trail',
    summary: 'every event of a run in order',
    load: async () => (await import('./trail.ts')).registerTrail,
  },
  {
    name: 'explain',
    summary: 'why an order was proposed, or not; what led to an event',
    load: async () => (await import('./explain.ts')).registerExplain,
  },
  {
    name: 'positions',
    summary: 'what the fund holds: list, import',
    load: async () => (await import('./positions.ts')).registerPositions,
  },
  {
    name: 'cash',
    summary: 'the cash: show, deposit, withdraw',
    load: async () => (await import('./cash.ts')).registerCash,
  },
  {
    name: 'fills',
    summary: 'trades that were made by hand: import',
    load: async () => (await import('./fills.ts')).registerFills,
  },
  {
    name: 'calc',
    summary: 'the domain on a CSV: indicators, metrics, weights, costs …',
    load: async ([what]) => {
      const registers = await loadCalc(what)
      return (program, context) => {
        const calc = program.command('calc').description('Computes on a CSV file, without any state.')
        for (const register of registers) register(calc, context.io)
      }
    },
  },
  {
    name: 'calendar',
    summary: 'sessions of an exchange',
    load: async () => {
      const { registerCalendar } = await import('./calendar.ts')
      return (program, context) => registerCalendar(program, context.io)
    },
  },
  {
    name: 'sentiment',
    summary: 'how good the news of headlines is: score, train',
    load: async () => (await import('./sentiment.ts')).registerSentiment,
  },
  {
    name: 'simulate',
    summary: 'write a simulated market into files: daily, hourly',
    load: async () => {
      const { registerSimulate } = await import('./simulate.ts')
      return (program, context) => registerSimulate(program, context.io)
    },
  },
  {
    name: 'export',
    summary: 'stored bars into CSV or Parquet',
    load: async () => (await import('./export-bars.ts')).registerExport,
  },
  {
    name: 'objects',
    summary: 'what lies in the object store',
    load: async () => (await import('./objects.ts')).registerObjects,
  },
  {
    name: 'stack',
    summary: 'what OpenFaaS is told of the functions: generate, check',
    load: async () => (await import('./stack.ts')).registerStack,
  },
  {
    name: 'db',
    summary: 'the database: migrate',
    load: async () => (await import('./db.ts')).registerDb,
  },
  {
    name: 'bootstrap',
    summary: 'what a cluster leans on, made ready: database, bus, bucket',
    load: async () => (await import('./bootstrap.ts')).registerBootstrap,
  },
  {
    name: 'doctor',
    summary: 'is everything there that edgefund leans on?',
    load: async () => (await import('./doctor.ts')).registerDoctor,
  },
  {
    name: 'config',
    summary: 'configuration and settings that count',
    load: async () => (await import('./config.ts')).registerConfig,
  },
]

type RegisterCalc = (calc: Command, io: Context['io']) => void

const CALC: Readonly<Record<string, () => Promise<RegisterCalc>>> = {
  indicators: async () => (await import('./calc-indicators.ts')).registerCalcIndicators,
  metrics: async () => (await import('./calc-metrics.ts')).registerCalcMetrics,
  weights: async () => (await import('./calc-weights.ts')).registerCalcWeights,
  costs: async () => (await import('./calc-costs.ts')).registerCalcCosts,
  adjust: async () => (await import('./calc-adjust.ts')).registerCalcAdjust,
  quality: async () => (await import('./calc-quality.ts')).registerCalcQuality,
}

/** Only the one asked for; all of them for help and for a name that is none. */
async function loadCalc(what: string | undefined): Promise<RegisterCalc[]> {
  const named = what !== undefined && Object.hasOwn(CALC, what) ? [CALC[what]] : Object.values(CALC)
  return Promise.all(named.map((load) => load()))
}
