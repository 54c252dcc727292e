import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readConfig, SECRETS } from '../../../shared/runtime/config.ts'
import { builtBundles } from '../build/built-bundles.ts'

const read = (name: string) => readFileSync(new URL(`../../../infra/bridge/${name}`, import.meta.url), 'utf8')
const dockerfile = read('Dockerfile').replaceAll('\\\n', ' ').split('\n')
const said = (word: string) =>
  dockerfile.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1).trim())

let built: string
beforeAll(async () => {
  built = await builtBundles()
})

/** Where something of the image lies here: the folder that was built into stands for `dist`. */
const here = (source: string) => join(built, source.replace(/^dist\//, ''))

/** Starts the bridge as the image does, on this machine's Node, which lets it write nowhere. */
function start(env: Readonly<Record<string, string>>) {
  const bundle = here('dist/bridge/bridge.cjs')
  const readOnly = ['--experimental-permission', '--allow-fs-read=*', '--no-warnings']
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [...readOnly, bundle], { env, cwd: '/', timeout: 30_000 }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    )
  })
}

describe("the bridge's image", () => {
  it('is made of what the build makes, and of nothing else', () => {
    const copies = said('COPY').map((line) => line.split(/\s+/))
    expect(copies).toEqual([['dist/bridge/', '/app/']])
    for (const [source] of copies) expect(existsSync(here(source)), source).toBe(true)
    expect(readdirSync(here('dist/bridge')).filter((name) => !/^bridge\.cjs(\.LEGAL\.txt)?$/.test(name))).toEqual([])
    const sent = read('Dockerfile.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    expect(sent).toEqual(['*', '!dist/bridge'])
  })

  it('is pinned, runs as a user other than root, and starts the bundle', () => {
    expect(said('FROM')).toEqual([expect.stringMatching(/^node:22\.\d+-alpine$/)])
    expect(said('USER')).toEqual(['1000:1000'])
    expect(said('ENTRYPOINT')).toEqual(['["node", "/app/bridge.cjs"]'])
    expect(said('ADD')).toEqual([])
    expect(said('RUN')).toEqual([])
  })

  it('is asked for its health where it answers', () => {
    const { port } = readConfig({ EDGEFUND_SECRETS: '/nonexistent' }).bridge
    expect(said('EXPOSE')).toEqual([String(port)])
    expect(said('HEALTHCHECK')).toEqual([
      expect.stringContaining(`http://127.0.0.1:\${EDGEFUND_BRIDGE_PORT:-${port}}/healthz`),
    ])
  })

  it.each([
    [{}, 'The bridge needs PostgreSQL: set DATABASE_URL\n'],
    [{ DATABASE_URL: 'postgresql://127.0.0.1:1/none' }, 'The bridge needs NATS: set NATS_URL\n'],
  ])('ends with 2 and a sentence when it is given %j', async (given, stderr) => {
    const env: Record<string, string> = { EDGEFUND_SECRETS: '/nonexistent', ...given }
    expect(await start(env)).toEqual({ code: 2, stdout: '', stderr })
  })

  it('is deployed with secrets that there are and a configuration that it takes', () => {
    const manifest = /```yaml\n([\s\S]*?)```/.exec(read('README.md'))?.[1] ?? ''
    const { containers, volumes } = parse(manifest).spec.template.spec
    const [{ env, ports, securityContext, volumeMounts }] = containers
    expect(volumeMounts).toEqual([{ name: 'secrets', mountPath: '/var/openfaas/secrets', readOnly: true }])
    const mounted = volumes[0].projected.sources.map(({ secret }: { secret: { name: string } }) => secret.name)
    // NATS knows the bridge as another user than the functions.
    const own = 'edgefund-bridge-nats-url'
    expect(mounted).toContain(own)
    expect(mounted.filter((name: string) => name !== own && !(SECRETS as readonly string[]).includes(name))).toEqual([])
    expect(securityContext.readOnlyRootFilesystem).toBe(true)

    const given = Object.fromEntries(env.map(({ name, value }: { name: string; value: string }) => [name, value]))
    const secrets = { EDGEFUND_EVENT_KEYS: 'key1:secret', S3_ACCESS_KEY: 'key', S3_SECRET_KEY: 'secret' }
    const config = readConfig({ EDGEFUND_SECRETS: '/nonexistent', ...given, ...secrets })
    expect(config.bridge).toEqual({ gatewayUrl: 'http://gateway.openfaas:8080', packaging: 'each', port: 8090 })
    expect(config.eventAuth).toMatchObject({ keys: [{ id: 'key1' }] })
    expect(ports).toEqual([{ name: 'http', containerPort: config.bridge.port }])
  })
})
