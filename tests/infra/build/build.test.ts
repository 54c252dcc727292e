import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { services, steps } from '../../../functions/index.ts'
import { buildBundles, MOST_BYTES, ROOT } from '../../../infra/build/build.ts'
import { bundleAll } from '../../../infra/build/bundle.ts'
import { handlerFile } from '../../../infra/build/entry.ts'
import { packagedFunctions } from '../../../infra/packaging/functions.ts'
import { NATIVE_MODULES, nativePartsOf } from '../../../infra/packaging/native.ts'
import { outlineOf } from '../../../shared/runtime/outline.ts'
import { builtBundles } from './built-bundles.ts'

const run = promisify(execFile)
const outlines = steps.map(outlineOf)
const functions = (['each', 'folded'] as const).flatMap((packaging) =>
  packagedFunctions(packaging, outlines, services).map((fn) => ({
    path: `${packaging}/${fn.name}/handler.js`,
    native: nativePartsOf(fn),
  })),
)
const handlers = functions.map(({ path }) => path)
const natives = functions.flatMap(({ path, native }) => (native ? [{ folder: dirname(path), native }] : []))

let bundles: string
let again: string
beforeAll(async () => {
  bundles = await builtBundles()
  again = mkdtempSync(join(tmpdir(), 'edgefund-build-'))
})
afterAll(() => rmSync(again, { recursive: true, force: true }))

const read = (path: string) => readFileSync(join(bundles, path), 'utf8')

describe('npm run build', () => {
  it('makes a handler of every function of both packagings, and the bridge', async () => {
    for (const path of handlers) expect(existsSync(join(bundles, path)), path).toBe(true)
    expect(existsSync(join(bundles, 'bridge/bridge.cjs'))).toBe(existsSync(join(ROOT, 'infra/bridge/serve.ts')))
  })

  it('makes the same bytes of the same sources', async () => {
    const built = await buildBundles({ out: again })
    for (const { path } of built) {
      expect(readFileSync(join(again, path)).equals(readFileSync(join(bundles, path))), path).toBe(true)
    }
    expect(built.map(({ path }) => path).filter((path) => path.endsWith('handler.js'))).toEqual(handlers)
  })

  it('finds every handler where its name says', () => {
    for (const outline of outlines) expect(existsSync(join(ROOT, handlerFile(outline))), outline.name).toBe(true)
  })

  it.each(functions)('$path is light, free of dependencies and of this machine', ({ path, native }) => {
    const code = read(path)
    expect(Buffer.byteLength(code)).toBeLessThan(MOST_BYTES)
    for (const place of [ROOT, homedir()]) expect(place.length > 1 && code.includes(place), place).toBe(false)
    expect(code).not.toMatch(/sourceMappingURL/)
    const manifest = JSON.parse(read(join(dirname(path), 'package.json')))
    expect(manifest).toMatchObject({ main: 'handler.js', scripts: { test: expect.any(String) } })
    // But for machine code, which no bundle can carry.
    const dependencies = Object.keys(manifest).filter((key) => /dependencies/i.test(key))
    expect(dependencies).toEqual(native ? ['dependencies'] : [])
    expect(Object.keys(manifest.dependencies ?? {})).toEqual(native?.modules ?? [])
    for (const module of NATIVE_MODULES) {
      expect([module, code.includes(`"${module}"`)]).toEqual([module, native?.modules.includes(module) ?? false])
    }
  })

  it('gives the function itself to require, and a test that ends well', async () => {
    const list = JSON.stringify(handlers.map((path) => join(bundles, path)))
    const script = `console.log(JSON.stringify(${list}.map((path) => typeof require(path))))`
    const { stdout } = await run(process.execPath, ['-e', script], { env: {} })
    expect(new Set(JSON.parse(stdout))).toEqual(new Set(['function']))
    const folder = join(bundles, 'each/ingestion-open-session')
    const { test } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).scripts
    await run('/bin/sh', ['-c', test], { cwd: folder, env: { PATH: process.env.PATH } })
  })

  it('knows which functions lean on machine code: the step that reads headlines, and the room that holds it', () => {
    expect(natives.map(({ folder }) => folder)).toEqual(['each/signals-score-sentiment', 'folded/signals'])
  })

  it.each(natives)('lays a whole build context beside the bundle of $folder', ({ folder, native }) => {
    for (const file of ['Dockerfile', 'index.js', 'keep-target.mjs', 'package.json', 'package-lock.json']) {
      expect([file, existsSync(join(bundles, folder, file))]).toEqual([file, true])
    }
    for (const model of native.models) {
      const carried = readFileSync(join(bundles, folder, 'models', model))
      expect(carried.equals(readFileSync(join(ROOT, 'models', model))), model).toBe(true)
    }
    // So that images of several share what was installed.
    for (const file of ['package.json', 'package-lock.json']) {
      expect(read(join(folder, file))).toBe(read(join(natives[0].folder, file)))
    }
  })

  it('refuses machine code that would not lie beside the bundle', async () => {
    const source = `export default () => import('onnxruntime-node')`
    await expect(bundleAll(ROOT, [{ name: 'each/toy/handler.js', source }], true)).rejects.toThrow(
      'The bundle of each/toy/handler.js would load onnxruntime-node, which does not lie beside it: ' +
        'name the port that leans on it in infra/packaging/native.ts',
    )
    const unused = `import { sentimentReader } from './infra/wiring/ports.ts'; export default () => 1`
    await expect(bundleAll(ROOT, [{ name: 'toy', source: unused }], true)).resolves.toBeDefined()
  })

  it('carries only the adapters of the ports that a function uses', () => {
    const yahoo = 'query2.finance.yahoo.com'
    const parquet = 'PAR1'
    expect(read('each/ingestion-fetch-bars/handler.js')).toContain(yahoo)
    expect(read('each/ingestion-store-bars/handler.js')).not.toContain(yahoo)
    expect(read('each/ingestion-archive-bars/handler.js')).toContain(parquet)
    expect(read('each/ingestion-open-session/handler.js')).not.toContain(parquet)
  })

  it('refuses a bundle that is too heavy, and a name that nothing has', async () => {
    const only = 'ingestion-open-session'
    await expect(buildBundles({ out: again, only, mostBytes: 1_000 })).rejects.toThrow(
      /^each\/ingestion-open-session\/handler\.js has \d+ bytes, at most 1000 are allowed$/,
    )
    await expect(buildBundles({ out: again, only: 'nobody' })).rejects.toThrow(
      /^There is no function "nobody"; there are ingestion-open-session, /,
    )
  })

  it('makes only the one that is asked for', async () => {
    const built = await buildBundles({ out: again, only: 'clock' })
    expect(built.map(({ path }) => path)).toEqual(['folded/clock/handler.js'])
  })
})
