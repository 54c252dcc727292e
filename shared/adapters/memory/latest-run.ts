import type { Session } from '../../domain/market/session.ts'

interface DatedRun {
  readonly asOf: Session
  readonly source: string
}

/** The newest run of the source as of a session or earlier; of one session's runs the one that was noted last. */
export function latestRun<Run extends DatedRun>(
  runs: Iterable<Run>,
  source: string,
  through: Session,
): Run | undefined {
  const before = [...runs].filter((run) => run.source === source && run.asOf <= through)
  return before.reduce<Run | undefined>((newest, run) => (newest && newest.asOf > run.asOf ? newest : run), undefined)
}
