import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { maskServers, secretFiles, visibleConfig } from '../../../infra/local/cli/config.ts'
import { readConfig } from '../../../shared/runtime/config.ts'
import { cli } from './spawn-cli.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgefund-config-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const visible = (env: Readonly<Record<string, string>>) =>
  visibleConfig(readConfig({ EDGEFUND_SECRETS: folder, ...env }))

describe('the configuration that is shown', () => {
  it('is that of one machine by default', () => {
    expect(visible({})).toMatchObject({
      database: 'embedded',
      nats: null,
      s3: null,
      work: 'here',
      gateway: 'http://gateway.openfaas:8080/',
      packaging: 'each',
      bridge_port: 8090,
      event_auth: 'none',
    })
  })

  it('names servers, users and keys, and never a secret', () => {
    const shown = visible({
      DATABASE_URL: 'postgresql://me:hidden@db:5432/fund',
      NATS_URL: 'nats://bridge:hidden@one:4222,nats://bridge:hidden@two',
      NATS_CA_FILE: '/etc/nats/ca.crt',
      S3_ENDPOINT: 'http://minio:9000',
      S3_BUCKET: 'fund',
      S3_ACCESS_KEY: 'hidden',
      S3_SECRET_KEY: 'hidden',
      EDGEFUND_EVENT_AUTH: 'signed',
      EDGEFUND_EVENT_KEYS: 'new:hidden,old:hidden',
      EDGEFUND_API_TOKEN: 'hidden',
      EDGEFUND_GATEWAY_URL: 'http://admin:hidden@gateway:8080',
      EDGEFUND_PACKAGING: 'folded',
      EDGEFUND_BRIDGE_PORT: '8091',
      EDGEFUND_WORK: 'elsewhere',
      EDGEFUND_ALERT_WEBHOOK: 'https://chat.example/services/hidden?token=hidden',
      EDGEFUND_ALERT_WEBHOOK_SECRET: 'hidden',
      EDGEFUND_SMTP_URL: 'smtps://fund:hidden@mail.example:465',
      EDGEFUND_ALERT_FROM: 'fund@example.com',
      EDGEFUND_ALERT_TO: 'me@example.com',
    })
    expect(shown).toMatchObject({
      database: 'postgresql://me:***@db:5432/fund',
      nats: 'nats://bridge:***@one:4222,two:4222',
      nats_ca_file: '/etc/nats/ca.crt',
      s3: 'http://minio:9000/fund',
      s3_region: 'us-east-1',
      work: 'elsewhere',
      gateway: 'http://admin:***@gateway:8080/',
      packaging: 'folded',
      bridge_port: 8091,
      event_auth: 'signed with new, old; a token for people',
      alert_webhook: 'https://chat.example, signed',
      alert_mail: 'me@example.com by smtps://fund:***@mail.example:465',
    })
    expect(JSON.stringify(shown)).not.toContain('hidden')
  })

  it('takes a token in the address of NATS for the secret that it is', () => {
    expect(maskServers('tls://hidden@one:4222')).toBe('tls://***@one:4222')
    expect(maskServers('nats://one')).toBe('nats://one:4222')
    expect(maskServers('hidden://one')).toBe('*** (not an address)')
  })

  it('tells which secrets are there as files, by name only', async () => {
    expect(secretFiles(folder)).toEqual([])
    writeFileSync(join(folder, 'edgefund-nats-url'), 'nats://bridge:hidden@one:4222')
    writeFileSync(join(folder, 'edgefund-api-token'), 'hidden')
    writeFileSync(join(folder, 'something-else'), 'hidden')
    expect(secretFiles(folder)).toEqual(['edgefund-nats-url', 'edgefund-api-token'])

    const env = { EDGEFUND_SECRETS: folder }
    const [text, json] = await Promise.all([
      cli(['config', 'show'], { cwd: folder, env }),
      cli(['config', 'show', '--json'], { cwd: folder, env }),
    ])
    expect(text.stdout).toMatch(/^nats +nats:\/\/bridge:\*\*\*@one:4222$/m)
    expect(text.stdout).toMatch(/^mounted_files +edgefund-nats-url,edgefund-api-token$/m)
    expect(JSON.parse(json.stdout).mounted_files).toEqual(['edgefund-nats-url', 'edgefund-api-token'])
    expect(text.stdout + json.stdout).not.toContain('hidden')
  })
})
