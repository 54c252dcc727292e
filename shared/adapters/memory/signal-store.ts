import type { ComponentScore, Signal } from '../../domain/signals/signal.ts'
import type { SignalRun, SignalStore } from '../../ports/signal-stores.ts'
import { keyOf } from '../history/last-by.ts'
import { latestRun } from './latest-run.ts'

/** Signals in this process. */
export function memorySignals(): SignalStore {
  const scores = new Map<string, readonly ComponentScore[]>()
  const combined = new Map<string, { readonly run: SignalRun; readonly signals: readonly Signal[] }>()
  const runs = () => [...combined.values()].map(({ run }) => run)
  return {
    async putScores({ run }, component, given) {
      scores.set(keyOf(run, component), [...given].sort(bySymbol))
    },
    scores: async (run, component) => [...(scores.get(keyOf(run, component)) ?? [])],
    async putSignals(run, signals) {
      combined.set(run.run, { run, signals: [...signals].sort((a, b) => b.score - a.score || bySymbol(a, b)) })
    },
    signals: async (run) => [...(combined.get(run)?.signals ?? [])],
    latest: async (source, through) => latestRun(runs(), source, through),
    async history(symbol, source, limit) {
      const bySession = new Map(
        [...combined.values()].flatMap(({ run, signals }) => {
          const found = run.source === source ? signals.find((signal) => signal.symbol === symbol) : undefined
          return found ? [[run.asOf, { asOf: run.asOf, run: run.run, score: found.score, band: found.band }]] : []
        }),
      )
      const ascending = [...bySession.values()].sort((a, b) => (a.asOf < b.asOf ? -1 : 1))
      return limit > 0 ? ascending.slice(-limit) : []
    },
  }
}

function bySymbol(a: { readonly symbol: string }, b: { readonly symbol: string }): number {
  return a.symbol < b.symbol ? -1 : 1
}
