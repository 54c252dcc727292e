import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { notifiers } from '../../../infra/wiring/notifiers.ts'
import type { WiringParts } from '../../../infra/wiring/parts.ts'
import type { ScopeState } from '../../../shared/ports/database.ts'

const wired = (alerts: WiringParts['alerts'], state: ScopeState = 'none') => {
  const parts = { alerts, log: pino({ level: 'silent' }), database: { scopeState: () => state } }
  return notifiers(parts as WiringParts)
}
const BOTH = {
  webhook: { url: 'http://127.0.0.1:1/', secret: undefined },
  mail: { smtpUrl: 'smtp://127.0.0.1:1', from: 'a@example.com', to: 'b@example.com' },
}

describe('the wired notifiers', () => {
  it('are the log, and what is configured', async () => {
    const names = async (alerts: WiringParts['alerts']) => (await wired(alerts)).map(({ name }) => name)
    expect(await names({ webhook: undefined, mail: undefined })).toEqual(['log'])
    expect(await names(BOTH)).toEqual(['log', 'webhook', 'e-mail'])
  })

  it('never hold a transaction while they wait for the network', async () => {
    const [, webhook, mail] = await wired(BOTH, 'writing')
    const notice = { key: 'k', severity: 'info', title: 't', text: 't' } as const
    expect(() => webhook.notify(notice)).toThrow("inside the step's transaction")
    expect(() => mail.notify(notice)).toThrow("inside the step's transaction")
  })
})
