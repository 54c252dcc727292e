import type { Progress } from '../operations/runs.ts'
import { duration } from './human.ts'
import type { Io } from './output.ts'

/** Where progress is shown. */
export interface ProgressScreen {
  readonly io: Pick<Io, 'stderr'>
  /** A terminal's width; undefined where lines go to a file or a pipe. */
  readonly columns: number | undefined
  readonly now?: () => number
}

export interface ProgressLine {
  show(progress: Progress): void
  /** Leaves the terminal's line as it was found. */
  end(): void
}

const REDRAW_MS = 100
const LINE_EVERY_MS = 5_000
/** The rate is that of the last moments, for steps differ. */
const RATE_WINDOW_MS = 15_000
const BAR = 24

/**
 * Shows how far a run is on stderr: one line redrawn on a terminal, else a line now and then. What fails and is tried again is said once.
 */
export function progressLine({ io, columns, now = () => performance.now() }: ProgressScreen): ProgressLine {
  const samples: { at: number; done: number }[] = []
  const told = new Set<string>()
  let shownAt = columns === undefined ? now() : -Infinity
  let drawn = false
  const clear = () => {
    if (drawn) io.stderr('\r\x1b[2K')
    drawn = false
  }
  return {
    show(progress) {
      const at = now()
      if (progress.done !== samples.at(-1)?.done) samples.push({ at, done: progress.done })
      while (samples.length > 2 && at - samples[0].at > RATE_WINDOW_MS) samples.shift()
      for (const { step, reason, attempt, againInMs } of progress.troubles) {
        const text = `${step}: ${reason}`
        if (told.has(text)) continue
        told.add(text)
        clear()
        io.stderr(`${text} (attempt ${attempt}, again in ${duration(againInMs / 1_000)})\n`)
      }
      if (at - shownAt < (columns === undefined ? LINE_EVERY_MS : REDRAW_MS)) return
      shownAt = at
      const text = describeProgress(progress, remainingSeconds(samples, at, progress))
      if (columns === undefined) io.stderr(`${text}\n`)
      else {
        io.stderr(`\r\x1b[2K${`${bar(progress)} ${text}`.slice(0, Math.max(20, columns - 1))}`)
        drawn = true
      }
    },
    end: clear,
  }
}

/** Progress on this process's own stderr, a terminal or not. */
export function progressOnStderr(io: Pick<Io, 'stderr'>): ProgressLine {
  return progressLine({ io, columns: process.stderr.isTTY ? (process.stderr.columns ?? 80) : undefined })
}

/** `ingestion:2024-01-05 42 %, 11 of 26 steps (fetch-bars), 8.0 s left`. */
export function describeProgress(progress: Progress, remaining: number | undefined): string {
  const { run, done, total, steps } = progress
  const percent = total === 0 ? 0 : Math.floor((100 * done) / total)
  const busy = steps.filter((step) => step.running > 0).map((step) => step.step.slice(step.step.indexOf('-') + 1))
  const doing = busy.length > 0 ? ` (${busy.join(', ')})` : ''
  const left = remaining === undefined ? '' : `, ${duration(remaining)} left`
  return `${run} ${percent} %, ${done} of ${total} steps${doing}${left}`
}

/** Seconds to go at the rate of the last moments; undefined while too little is known. */
export function remainingSeconds(
  samples: readonly { readonly at: number; readonly done: number }[],
  now: number,
  { done, total }: Pick<Progress, 'done' | 'total'>,
): number | undefined {
  const [first] = samples
  if (!first || done <= first.done || now - first.at < 1_000) return undefined
  const perSecond = (1_000 * (done - first.done)) / (now - first.at)
  return (total - done) / perSecond
}

function bar({ done, total }: Pick<Progress, 'done' | 'total'>): string {
  const full = total === 0 ? 0 : Math.round((BAR * done) / total)
  return '█'.repeat(full) + '░'.repeat(BAR - full)
}
