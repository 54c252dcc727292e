import type { Session } from '../domain/market/session.ts'
import type { Alert, AlertState, Figure, PositionMark, Snapshot } from '../domain/monitoring/snapshot.ts'

export interface AlertFilter {
  readonly open?: boolean
  readonly through?: Session
  readonly limit: number
}

/** `monitoring.*`: the fund at every session's close, and what was found about it. Kept by session: marking again replaces. */
export interface MonitoringStore {
  /** Replaces the snapshots and marks of their sessions. */
  putSnapshots(source: string, snapshots: readonly Snapshot[], marks: readonly PositionMark[]): Promise<void>
  /** Ascending. */
  snapshots(source: string, from: Session, through: Session): Promise<Snapshot[]>
  /** Of a session, largest value first. */
  marks(source: string, session: Session): Promise<PositionMark[]>
  latestSnapshot(source: string, through: Session): Promise<Snapshot | undefined>
  putFigures(source: string, session: Session, figures: readonly Figure[]): Promise<void>
  figures(source: string, session: Session): Promise<Figure[]>
  /** Notes which conditions hold at a session. Answers those that are new and those that have gone; asking again answers the same. */
  judge(
    source: string,
    session: Session,
    alerts: readonly Alert[],
  ): Promise<{ readonly raised: AlertState[]; readonly resolved: AlertState[]; readonly open: AlertState[] }>
  /** As of a session (`through`) or by all that is known: open ones first, then those resolved last; among them those raised last, then by name. */
  alerts(source: string, filter: AlertFilter): Promise<AlertState[]>
}
