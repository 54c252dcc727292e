import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { logNotifier } from '../../../../shared/adapters/notify/log.ts'

it('logs a notice as loud as it is severe', async () => {
  const lines: string[] = []
  const into = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const notifier = logNotifier(pino({ base: null, timestamp: false }, into))
  for (const severity of ['critical', 'warning', 'info'] as const) {
    await notifier.notify({ key: 'k', severity, title: 'The title', text: 'The\ntext' })
  }
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 50, notice: 'k', severity: 'critical', text: 'The\ntext', msg: 'The title' },
    { level: 40, notice: 'k', severity: 'warning', text: 'The\ntext', msg: 'The title' },
    { level: 30, notice: 'k', severity: 'info', text: 'The\ntext', msg: 'The title' },
  ])
})
