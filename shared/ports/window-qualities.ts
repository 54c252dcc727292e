import type { SymbolJudgement } from '../domain/ingestion/judge-window.ts'

/** Where the judgement of a window's symbols waits until the run is judged. */
export interface WindowQualities {
  write(key: string, judgements: readonly SymbolJudgement[]): Promise<void>
  /** Throws `PermanentError` when it is gone. */
  read(key: string): Promise<SymbolJudgement[]>
}
