import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InputError } from '../../../shared/ports/errors.ts'
import { readConfig } from '../../../shared/runtime/config.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgefund-alerts-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const alerts = (env: Readonly<Record<string, string>>) => readConfig({ EDGEFUND_SECRETS: folder, ...env }).alerts
const MAIL = { EDGEFUND_ALERT_FROM: 'fund@example.com', EDGEFUND_ALERT_TO: 'me@example.com, you@example.com' }

describe('whom alerts are told', () => {
  it('is nobody but the log by default', () => {
    expect(alerts({})).toEqual({ webhook: undefined, mail: undefined })
    expect(alerts(MAIL)).toEqual({ webhook: undefined, mail: undefined })
  })

  it('is read from the environment, or from secrets as files', () => {
    const expected = {
      webhook: { url: 'https://chat.example/hook', secret: 'shared' },
      mail: { smtpUrl: 'smtp://mail.example:587', from: MAIL.EDGEFUND_ALERT_FROM, to: MAIL.EDGEFUND_ALERT_TO },
    }
    const env = {
      EDGEFUND_ALERT_WEBHOOK: 'https://chat.example/hook',
      EDGEFUND_ALERT_WEBHOOK_SECRET: 'shared',
      EDGEFUND_SMTP_URL: 'smtp://mail.example:587',
    }
    expect(alerts({ ...env, ...MAIL })).toEqual(expected)
    writeFileSync(join(folder, 'edgefund-alert-webhook'), 'https://chat.example/hook\n')
    writeFileSync(join(folder, 'edgefund-alert-webhook-secret'), 'shared\n')
    writeFileSync(join(folder, 'edgefund-smtp-url'), 'smtp://mail.example:587\n')
    expect(alerts(MAIL)).toEqual(expected)
  })

  it('is nobody where the secret is an empty file', () => {
    for (const name of ['edgefund-alert-webhook', 'edgefund-alert-webhook-secret', 'edgefund-smtp-url']) {
      writeFileSync(join(folder, name), '\n')
    }
    expect(alerts({})).toEqual({ webhook: undefined, mail: undefined })
  })

  it('must be an address, and is named in the error without what may be a password', () => {
    for (const [name, value] of [
      ['EDGEFUND_ALERT_WEBHOOK', 'hidden'],
      ['EDGEFUND_ALERT_WEBHOOK', 'ftp://hidden'],
      ['EDGEFUND_SMTP_URL', 'fund:hidden@mail.example'],
    ]) {
      const read = () => alerts({ [name]: value, ...MAIL })
      expect(read).toThrow(InputError)
      expect(read).toThrow(name)
      expect(read).not.toThrow('hidden')
    }
  })

  it('must say from whom and to whom e-mail goes', () => {
    const smtp = { EDGEFUND_SMTP_URL: 'smtp://mail.example' }
    expect(() => alerts(smtp)).toThrow('There is a mail server for alerts but EDGEFUND_ALERT_FROM is not set')
    expect(() => alerts({ ...smtp, EDGEFUND_ALERT_FROM: 'a@example.com' })).toThrow('EDGEFUND_ALERT_TO is not set')
  })
})
