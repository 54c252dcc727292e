import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Status } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openNats } from '../../../../shared/adapters/nats/connect.ts'
import { isConnected } from '../../../../shared/adapters/nats/link.ts'
import { InputError, UnavailableError } from '../../../../shared/ports/errors.ts'
import { NATS_SERVER_MISSING, type NatsServer, startNatsServer } from '../../../real/nats-server.ts'
import { natsBench, until } from './fixture.ts'

describe.skipIf(NATS_SERVER_MISSING)(`a connection to NATS (${NATS_SERVER_MISSING ?? 'real'})`, () => {
  const bench = natsBench()

  it('names the servers that were tried, and never the password', async () => {
    const started = performance.now()
    const failed = openNats({ url: 'nats://me:secret@127.0.0.1:1,nats://127.0.0.1:2', name: 'test', waitMs: 600 })
    const error = await failed.then(
      () => undefined,
      (reason) => reason as Error,
    )
    expect(error).toBeInstanceOf(UnavailableError)
    expect(error?.message).toContain('127.0.0.1:1, 127.0.0.1:2')
    expect(error?.message).not.toContain('secret')
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  it('waits for a server that is still starting', async () => {
    await bench.server.stop()
    const connecting = bench.connect({ waitMs: 5_000 })
    await new Promise((resolve) => setTimeout(resolve, 500))
    await bench.server.start()
    expect(isConnected(await connecting)).toBe(true)
  })

  it('comes back by itself after a crash of the server, and says so', async () => {
    const heard: Status['type'][] = []
    const connection = await bench.connect({ onStatus: ({ type }) => heard.push(type) })
    await bench.server.kill()
    await until(() => !isConnected(connection))
    await bench.server.start()
    await until(() => isConnected(connection))
    await connection.flush()
    expect(heard).toContain('disconnect')
    expect(heard).toContain('reconnect')
  })

  it('demands encryption for tls://, and refuses a server that has none', async () => {
    const url = bench.server.url.replace('nats://', 'tls://')
    await expect(openNats({ url, name: 'test', waitMs: 0 })).rejects.toThrow(UnavailableError)
    await expect(openNats({ url, name: 'test', waitMs: 0 })).rejects.toThrow(/does not support 'tls'/)
  })

  it('refuses a CA file that is not there', async () => {
    const caFile = join(tmpdir(), 'no-such-file.pem')
    await expect(openNats({ url: bench.server.url, name: 'test', caFile })).rejects.toThrow(InputError)
  })
})

const OPENSSL = spawnSync('openssl', ['version']).status === 0

describe.skipIf(NATS_SERVER_MISSING || !OPENSSL)('an encrypted connection to NATS', () => {
  let folder: string
  let server: NatsServer
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'edgefund-nats-tls-'))
    const made = spawnSync('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
      ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')],
    ])
    expect(made.status, made.stderr.toString()).toBe(0)
    const config = join(folder, 'tls.conf')
    const tls = `tls { cert_file: "${join(folder, 'cert.pem')}", key_file: "${join(folder, 'key.pem')}" }`
    writeFileSync(config, `jetstream { store_dir: $EDGEFUND_NATS_STORE_DIR }\n${tls}\n`)
    server = await startNatsServer({ config })
  })
  afterAll(async () => {
    await server?.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  it('is made where the CA vouches for the host, and refused otherwise', async () => {
    const url = `tls://localhost:${server.port}`
    const caFile = join(folder, 'cert.pem')
    const connection = await openNats({ url, name: 'test', caFile })
    await connection.flush()
    expect(connection.info?.tls_required).toBe(true)
    await connection.close()

    await expect(openNats({ url, name: 'test', waitMs: 0 })).rejects.toThrow(/localhost:\d+: .*self.signed/)
    const other = { url: `tls://127.0.0.2:${server.port}`, name: 'test', caFile, waitMs: 0 }
    await expect(openNats(other)).rejects.toThrow(UnavailableError)
  })
})

describe.skipIf(NATS_SERVER_MISSING)('a server for tests', () => {
  it('keeps what it stored over a restart, and loses it when wiped', async () => {
    const storeDir = mkdtempSync(join(tmpdir(), 'edgefund-nats-test-'))
    const server = await startNatsServer({ storeDir })
    try {
      const pid = server.pid()
      await server.kill()
      expect(() => process.kill(pid!, 0)).toThrow()
      await server.start()
      expect(server.pid()).not.toBe(pid)
      await expect(server.start()).rejects.toThrow(/runs already/)
    } finally {
      await server.remove()
      rmSync(storeDir, { recursive: true, force: true })
    }
  })
})
