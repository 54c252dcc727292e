import type { Logger } from 'pino'

export interface DrainOptions {
  /** After SIGTERM calls are still served for this long: the gateway takes a moment to look elsewhere. */
  readonly graceMs: number
  readonly close: () => Promise<void>
  readonly log: Pick<Logger, 'info'>
  readonly signals: { on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown }
  readonly exit: (code: number) => void
}

export interface Drain {
  /** Work that is finished before the process ends. */
  track<T>(work: () => Promise<T>): Promise<T>
}

/** An answer has left the process by then. */
const FLUSH_MS = 100
const CLOSE_PATIENCE_MS = 2_000

/**
 * Ends the process well. Without a listener SIGTERM would end it in the middle of a call; with one it goes on serving, and once the grace
 * is over and nothing is under way it closes what it holds and exits with 0. SIGINT does the same without grace.
 */
export function drainOnSignals({ graceMs, close, log, signals, exit }: DrainOptions): Drain {
  let underWay = 0
  let ending = false
  let timer: NodeJS.Timeout | undefined

  const endWhenIdle = () => {
    clearTimeout(timer)
    if (ending && underWay === 0) timer = setTimeout(end, FLUSH_MS)
  }
  const end = async () => {
    if (underWay > 0) return
    let late: NodeJS.Timeout | undefined
    const patience = new Promise<void>((resolve) => {
      late = setTimeout(resolve, CLOSE_PATIENCE_MS)
    })
    await Promise.race([close().catch(() => {}), patience])
    clearTimeout(late)
    exit(0)
  }
  const listen = (signal: 'SIGTERM' | 'SIGINT', ms: number) =>
    signals.on(signal, () => {
      log.info({ signal, underWay, graceMs: ms }, 'asked to end')
      setTimeout(() => {
        ending = true
        endWhenIdle()
      }, ms)
    })
  listen('SIGTERM', graceMs)
  listen('SIGINT', 0)

  return {
    async track(work) {
      underWay++
      try {
        return await work()
      } finally {
        underWay--
        endWhenIdle()
      }
    },
  }
}
