import type { Session } from '../domain/market/session.ts'
import type { Component, ComponentScore, Signal } from '../domain/signals/signal.ts'

/** Signals that a run made. */
export interface SignalRun {
  readonly run: string
  readonly asOf: Session
  readonly source: string
  /** The run of the universe whose stocks were scored. */
  readonly universe: string
}

/** `signals.*`: component scores and composites, kept under the run that made them. */
export interface SignalStore {
  putScores(run: SignalRun, component: Component, scores: readonly ComponentScore[]): Promise<void>
  /** In order of symbol; none when the component was never scored. */
  scores(run: string, component: Component): Promise<ComponentScore[]>
  putSignals(run: SignalRun, signals: readonly Signal[]): Promise<void>
  /** In order of score, best first, then symbol. */
  signals(run: string): Promise<Signal[]>
  /** The newest combined signals of the source as of a session or earlier; of one session's runs the last. */
  latest(source: string, through: Session): Promise<SignalRun | undefined>
  /** A stock's composites over time, ascending. */
  history(
    symbol: string,
    source: string,
    limit: number,
  ): Promise<(Pick<Signal, 'score' | 'band'> & { readonly asOf: Session; readonly run: string })[]>
}
