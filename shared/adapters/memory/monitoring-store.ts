import type { Session } from '../../domain/market/session.ts'
import { compare } from '../../domain/money/decimal.ts'
import { alertStates, changesAt } from '../../domain/monitoring/alert-states.ts'
import type { Alert, Figure, PositionMark, Snapshot } from '../../domain/monitoring/snapshot.ts'
import type { MonitoringStore } from '../../ports/monitoring-stores.ts'
import { keyOf } from '../history/last-by.ts'

interface Marked {
  readonly source: string
  readonly snapshot: Snapshot
  readonly marks: readonly PositionMark[]
}

interface Judged {
  readonly source: string
  readonly session: Session
  readonly alerts: readonly Alert[]
}

/** Snapshots, figures and judgements in this process. */
export function memoryMonitoring(): MonitoringStore {
  const marked = new Map<string, Marked>()
  const figures = new Map<string, readonly Figure[]>()
  const judged = new Map<string, Judged>()

  const snapshots = async (source: string, from: Session, through: Session) =>
    [...marked.values()]
      .filter((one) => one.source === source && one.snapshot.session >= from && one.snapshot.session <= through)
      .map(({ snapshot }) => snapshot)
      .sort((a, b) => (a.session < b.session ? -1 : 1))
  const statesOf = (source: string, through: Session | undefined) =>
    alertStates(
      [...judged.values()]
        .filter((one) => one.source === source && (through === undefined || one.session <= through))
        .sort((a, b) => (a.session < b.session ? -1 : 1)),
    )

  return {
    async putSnapshots(source, given, marks) {
      for (const snapshot of given) {
        const own = marks.filter(({ session }) => session === snapshot.session)
        marked.set(keyOf(source, snapshot.session), { source, snapshot, marks: own.sort(byValue) })
      }
    },
    snapshots,
    marks: async (source, session) => [...(marked.get(keyOf(source, session))?.marks ?? [])],
    latestSnapshot: async (source, through) => (await snapshots(source, '0000-01-01' as Session, through)).at(-1),
    async putFigures(source, session, given) {
      figures.set(keyOf(source, session), [...given])
    },
    figures: async (source, session) => [...(figures.get(keyOf(source, session)) ?? [])],
    async judge(source, session, alerts) {
      judged.set(keyOf(source, session), { source, session, alerts: [...alerts] })
      return changesAt(statesOf(source, session), session)
    },
    alerts: async (source, { open = false, through, limit }) =>
      statesOf(source, through)
        .filter(({ resolved }) => !open || resolved === undefined)
        .slice(0, limit),
  }
}

function byValue(a: PositionMark, b: PositionMark): number {
  return compare(b.value, a.value) || (a.symbol < b.symbol ? -1 : 1)
}
