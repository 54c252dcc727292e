import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { stackFiles } from '../../../infra/generate/files.ts'
import { createContext, type GlobalFlags } from '../../../infra/local/cli/context.ts'
import { registerStack } from '../../../infra/local/cli/stack.ts'
import { cli } from './spawn-cli.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgefund-stack-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const inFolder = (...args: string[]) => cli(args, { cwd: folder })
const committed = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

describe('stack generate', () => {
  it('prints the stack file of a packaging, opens no state and needs no database', async () => {
    const [each, folded] = await Promise.all([
      inFolder('stack', 'generate'),
      inFolder('stack', 'generate', '--packaging', 'folded'),
    ])
    expect(each).toEqual({ code: 0, stderr: '', stdout: committed('stack.yml') })
    expect(folded).toEqual({ code: 0, stderr: '', stdout: committed('infra/openfaas/stack.ce.yml') })
    expect(readdirSync(folder)).toEqual([])
  })

  it('prints it as one JSON document', async () => {
    const { code, stdout } = await inFolder('stack', 'generate', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual(parse(committed('stack.yml')))
  })

  it('writes it into a file', async () => {
    const out = join(folder, 'ce.yml')
    const functions = Object.keys(parse(committed('infra/openfaas/stack.ce.yml')).functions).length
    const { code, stdout } = await inFolder('stack', 'generate', '--packaging', 'folded', '--out', out)
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${functions} functions are in ${out}\n` })
    expect(readFileSync(out, 'utf8')).toBe(committed('infra/openfaas/stack.ce.yml'))
    const json = await inFolder('stack', 'generate', '--json', '--packaging', 'folded', '--out', out)
    expect(JSON.parse(json.stdout)).toEqual({ file: out, packaging: 'folded', functions })
  })

  it.each([
    [['--packaging', 'both'], /^edgefund: --packaging "both", expected each or folded\n$/],
    [
      ['--out', 'no/such/folder/stack.yml'],
      /^edgefund: --out no\/such\/folder\/stack\.yml cannot be written: ENOENT.*\n$/,
    ],
  ])('refuses %j', async (flags, complaint) => {
    const { code, stdout, stderr } = await inFolder('stack', 'generate', ...flags)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(complaint)
  })
})

describe('stack check', () => {
  it('ends with 0 where both files are current', async () => {
    const { code, stdout, stderr } = await inFolder('stack', 'check')
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'stack.yml is current\ninfra/openfaas/stack.ce.yml is current\n',
      stderr: '',
    })
    expect(readdirSync(folder)).toEqual([])
  })

  it('ends with 1 and tells of each file where it first differs', async () => {
    const lines = (stackFiles().get('stack.yml') ?? '').split('\n')
    const row = lines.findIndex((line) => line.includes('exec_timeout'))
    const expected = lines[row].trim()
    writeFileSync(join(folder, 'stack.yml'), lines.with(row, '      exec_timeout: 1s').join('\n'))
    const { stdout, code } = await check()
    expect(code).toBe(1)
    expect(stdout).toBe(
      `stack.yml is stale: line ${row + 1} is "exec_timeout: 1s", expected "${expected}"; run npm run generate\n` +
        'infra/openfaas/stack.ce.yml is missing; run npm run generate\n',
    )
  })

  it('finds a line too many and one too few', async () => {
    mkdirSync(join(folder, 'infra/openfaas'), { recursive: true })
    for (const [path, text] of stackFiles()) {
      writeFileSync(
        join(folder, path),
        path === 'stack.yml' ? `${text}more\n` : text.trimEnd().split('\n').slice(0, -1).join('\n'),
      )
    }
    const { stdout, code } = await check('--json')
    expect(code).toBe(1)
    const [more, fewer] = JSON.parse(stdout)
    expect(more).toMatchObject({
      file: 'stack.yml',
      current: false,
      reason: expect.stringMatching(/line \d+ is "more", expected ""/),
    })
    expect(fewer).toMatchObject({
      current: false,
      reason: expect.stringMatching(/line \d+ is missing, expected "readonly_root_filesystem: true"/),
    })
  })
})

/** Checks the files in the test's own folder. */
async function check(...flags: string[]): Promise<{ stdout: string; code: number }> {
  let stdout = ''
  let code = 0
  const program = new Command('edgefund').option('--json').exitOverride()
  const context = createContext({
    flags: () => program.opts<GlobalFlags>(),
    env: {},
    write: (stream, text) => {
      if (stream === 'stdout') stdout += text
    },
    interrupted: new AbortController().signal,
    endsWith: (ended) => {
      code = ended
    },
  })
  registerStack(program, context, pathToFileURL(`${folder}/`))
  await program.parseAsync([...flags, 'stack', 'check'], { from: 'user' })
  return { stdout, code }
}
