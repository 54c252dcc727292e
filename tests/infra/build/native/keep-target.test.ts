import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'

const SCRIPT = fileURLToPath(new URL('../../../../infra/build/native/keep-target.mjs', import.meta.url))
const MACHINES = ['darwin/arm64', 'linux/arm64', 'linux/x64', 'win32/arm64', 'win32/x64']

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgefund-keep-'))
  for (const machine of MACHINES) put(`onnxruntime-node/bin/napi-v6/${machine}/binding.node`)
  for (const file of [
    'onnxruntime-node/dist/index.js',
    'onnxruntime-common/index.js',
    'adm-zip/index.js',
    '.bin/semver',
  ]) {
    put(file)
  }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function put(file: string) {
  const path = join(folder, 'node_modules', file)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, 'x'.repeat(1024))
}

function files(): string[] {
  const all = readdirSync(join(folder, 'node_modules'), { recursive: true, withFileTypes: true })
  return all
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, 'node_modules/').length))
    .sort()
}

/** What it says, or the complaint that it ends with. */
function keep(...given: string[]): string {
  try {
    return execFileSync(process.execPath, [SCRIPT, ...given], { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    return (error as { stderr: string }).stderr
  }
}

it.each([
  ['amd64', 'x64'],
  ['arm64', 'arm64'],
])('for %s keeps the machine code of linux/%s and what is loaded with it', (target, cpu) => {
  expect(keep('linux', target)).toContain(`linux/${cpu}, 0.0 MiB`)
  expect(files()).toEqual([
    'onnxruntime-common/index.js',
    `onnxruntime-node/bin/napi-v6/linux/${cpu}/binding.node`,
    'onnxruntime-node/dist/index.js',
  ])
})

it.each([
  [['linux', 'arm'], 'There is no onnxruntime for "linux/arm", expected linux/amd64 or linux/arm64\n'],
  [['windows', 'amd64'], 'There is no onnxruntime for "windows/amd64", expected linux/amd64 or linux/arm64\n'],
  [
    ['linux', ''],
    'There is no onnxruntime for "linux/" (it is empty where BuildKit does not build the image), expected linux/amd64 or linux/arm64\n',
  ],
])('refuses %j and removes nothing', (given, complaint) => {
  const before = files()
  expect(keep(...given)).toBe(complaint)
  expect(files()).toEqual(before)
})

it('refuses a package that does not hold the machine code asked for', () => {
  rmSync(join(folder, 'node_modules/onnxruntime-node/bin/napi-v6/linux/arm64'), { recursive: true })
  expect(keep('linux', 'arm64')).toMatch(/has 0 folders for linux\/arm64, expected one\n$/)
})
