import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../../../../infra/build/build.ts'
import { goDurationMs } from '../../../../infra/function/go-duration.ts'
import { SECRETS } from '../../../../shared/runtime/config.ts'
import { copied, readDockerfile, said, variables } from '../../../real/dockerfile.ts'
import { makeNative } from './made-native.ts'

const context = mkdtempSync(join(tmpdir(), 'edgefund-native-'))
let text: string
beforeAll(async () => {
  await makeNative(context)
  text = readFileSync(join(context, 'Dockerfile'), 'utf8')
})
afterAll(() => rmSync(context, { recursive: true, force: true }))

const stages = () => readDockerfile(text)
const last = () => stages().at(-1)!
const lockOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'))

describe("a native function's build context", () => {
  it('holds what the image is made of, and nothing else', () => {
    const found = readdirSync(context, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(context, join(entry.parentPath, entry.name)))
    const copies = stages().flatMap((stage) => said(stage, 'COPY').filter(({ flags }) => flags.from === undefined))
    const sources = copies.flatMap((copy) => copied(copy).sources)
    const fits = (file: string, source: string) =>
      source.endsWith('/')
        ? file.startsWith(source)
        : source.endsWith('*')
          ? file.startsWith(source.slice(0, -1))
          : file === source
    expect(found.filter((file) => file !== 'Dockerfile' && !sources.some((source) => fits(file, source)))).toEqual([])
    expect(sources.filter((source) => !found.some((file) => fits(file, source)))).toEqual([])
  })

  it('locks what is installed to what the whole project was tested with, and names no registry', () => {
    const { packages, lockfileVersion } = lockOf(context)
    const whole = lockOf(ROOT)
    const { '': root, ...installed } = packages
    const manifest = JSON.parse(readFileSync(join(context, 'package.json'), 'utf8'))
    expect(lockfileVersion).toBe(3)
    expect(root.dependencies).toEqual(manifest.dependencies)
    const own = whole.packages[''].dependencies['onnxruntime-node']
    expect(manifest.dependencies).toEqual({ 'onnxruntime-node': own })
    expect(own).toMatch(/^\d+\.\d+\.\d+$/)
    expect(Object.keys(installed)).toEqual(expect.arrayContaining(['node_modules/onnxruntime-common']))
    for (const [folder, locked] of Object.entries<{ integrity?: string }>(installed)) {
      expect([folder, locked]).toEqual([folder, whole.packages[folder]])
      expect([folder, locked.integrity]).toEqual([folder, expect.stringMatching(/^sha512-/)])
    }
    expect(JSON.stringify(packages)).not.toContain(`"resolved"`)
  })
})

describe("a native function's image", () => {
  it('stands on pinned images, the last of them with glibc', () => {
    expect(stages().map(({ image }) => image)).toEqual([
      expect.stringMatching(/^ghcr\.io\/openfaas\/of-watchdog:\d+\.\d+\.\d+$/),
      expect.stringMatching(/^node:22\.\d+-bookworm-slim$/),
      'packages',
      expect.stringMatching(/^node:22\.\d+-bookworm-slim$/),
    ])
    expect(last().image).toBe(stages()[1].image)
  })

  it('runs nothing of another machine while it is built: only stages of the builder run anything', () => {
    for (const { platform, image, instructions } of stages()) {
      const runs = instructions.some(({ word }) => word === 'RUN')
      if (runs) expect([image, platform]).toEqual([image, image === 'packages' ? undefined : '$BUILDPLATFORM'])
      else expect([image, platform]).toEqual([image, undefined])
    }
  })

  it('installs exactly what is locked, runs no script of a package, and keeps one machine', () => {
    const runs = stages().flatMap((stage) => said(stage, 'RUN').map((line) => line.text))
    expect(runs).toEqual([
      expect.stringMatching(/^ONNXRUNTIME_NODE_INSTALL=skip npm ci .*--omit=dev --ignore-scripts/),
      'node keep-target.mjs linux "$TARGETARCH"',
      'npm test',
    ])
    expect(said(stages()[1], 'ARG').map((line) => line.text)).toEqual(['TARGETARCH'])
  })

  it('starts as of-watchdog calls it, as a user other than root, by the time limits that the stack file sets', () => {
    expect(variables(last())).toMatchObject({
      fprocess: 'node index.js',
      mode: 'http',
      upstream_url: 'http://127.0.0.1:3000',
    })
    for (const limit of ['exec_timeout', 'write_timeout', 'read_timeout']) {
      expect([limit, goDurationMs(variables(last())[limit])]).toEqual([limit, expect.any(Number)])
    }
    expect(said(last(), 'USER').map((line) => line.text)).toEqual(['1000:1000'])
    expect(said(last(), 'CMD').map((line) => line.text)).toEqual(['["fwatchdog"]'])
    expect(said(last(), 'HEALTHCHECK').map((line) => line.text)).toEqual(['CMD [ -e /tmp/.lock ] || exit 1'])
    expect(said(last(), 'RUN')).toEqual([])
  })

  it('holds no secrets, and takes nothing from the network but packages', () => {
    for (const secret of SECRETS) expect(text).not.toContain(secret)
    expect(text).not.toMatch(/password|token|api[_-]?key|https?:\/\/(?!127\.0\.0\.1)/i)
    expect(stages().flatMap((stage) => said(stage, 'ADD'))).toEqual([])
  })
})

describe('the machine code', () => {
  const binaries = join(ROOT, 'node_modules/onnxruntime-node/bin')
  const names = (folder: string) => readdirSync(folder)

  it('lies where the image looks for it, for both kinds of machine', () => {
    expect(names(binaries)).toEqual(['napi-v6'])
    for (const cpu of ['x64', 'arm64']) {
      expect(names(join(binaries, 'napi-v6/linux', cpu)).sort()).toEqual([
        'libonnxruntime.so.1',
        'onnxruntime_binding.node',
      ])
    }
  })

  it.each(['x64', 'arm64'])('of linux/%s asks for no newer C and C++ library than Debian 12 has', (cpu) => {
    for (const file of names(join(binaries, 'napi-v6/linux', cpu))) {
      const bytes = readFileSync(join(binaries, 'napi-v6/linux', cpu, file), 'latin1')
      // What Debian 12 has: glibc 2.36, and the library of gcc 12.
      expect([file, newest(bytes, /\0GLIBC_2\.(\d+)/g)]).toEqual([file, expect.toSatisfy((minor) => minor <= 36)])
      expect([file, newest(bytes, /\0GLIBCXX_3\.4\.(\d+)/g)]).toEqual([file, expect.toSatisfy((minor) => minor <= 30)])
    }
  })
})

/** The highest version that is asked for; the test is worth nothing where there is none. */
function newest(bytes: string, versions: RegExp): number {
  const found = [...bytes.matchAll(versions)].map(([, minor]) => Number(minor))
  expect(found.length).toBeGreaterThan(0)
  return Math.max(...found)
}
