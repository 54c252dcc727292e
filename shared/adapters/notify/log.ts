import type { Logger } from 'pino'
import type { Notifier } from '../../ports/notifier.ts'

const LEVELS = { critical: 'error', warning: 'warn', info: 'info' } as const

/** Notices in the log of the process, each as loud as it is severe. */
export function logNotifier(log: Pick<Logger, 'error' | 'warn' | 'info'>): Notifier {
  return {
    name: 'log',
    async notify({ key, severity, title, text }) {
      log[LEVELS[severity]]({ notice: key, severity, text }, title)
    },
  }
}
