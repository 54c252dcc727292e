import type { Session } from './session.ts'

/** A split or a cash dividend, acting from the open of its ex-date. */
export interface CorporateAction {
  readonly symbol: string
  readonly exDate: Session
  readonly type: 'split' | 'dividend'
  /** Split: new shares per old share (4 for 4:1). Dividend: cash per share as paid, on the share count of the ex-date's eve
   * unless a split shares the ex-date (then per new share, as quoted). */
  readonly value: number
  readonly source: string
}
