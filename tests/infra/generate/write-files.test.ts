import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCEPTED_FILE } from '../../../infra/generate/accepted-schemas.ts'
import { SCHEMA_FOLDER } from '../../../infra/generate/files.ts'
import { schemaRefusals } from '../../../infra/generate/schema-refusals.ts'
import { readAccepted, readSchemas, writeFiles } from '../../../infra/generate/write-files.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { committedSchemas } from './git-history.ts'

let folder: string
let root: URL
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgefund-generate-'))
  root = pathToFileURL(`${folder}/`)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const schema = (properties: object, required: readonly string[] = []) =>
  JSON.stringify({ type: 'object', properties, required })
const ranked = `${SCHEMA_FOLDER}universe.stocks.ranked.json`
const A = schema({ a: { type: 'string' } }, ['a'])
const A_AND_B = schema({ a: { type: 'string' }, b: { type: 'string' } }, ['a'])
const B = schema({ b: { type: 'string' } }, ['b'])
const content = (path: string) => readFileSync(join(folder, path), 'utf8')

describe('writeFiles', () => {
  it('writes what is new or changed, and says so', () => {
    const files = new Map([
      ['x/y.md', '1'],
      [ranked, A],
    ])
    expect(writeFiles(root, files)).toEqual({ written: ['x/y.md', ranked], removed: [] })
    expect(writeFiles(root, files)).toEqual({ written: [], removed: [] })
    expect(writeFiles(root, new Map([...files, [ranked, A_AND_B]]))).toEqual({ written: [ranked], removed: [] })
    expect(content(ranked)).toBe(A_AND_B)
    expect(existsSync(join(folder, ACCEPTED_FILE))).toBe(false)
  })

  it('writes nothing when a schema changed incompatibly, and tells how and what to do', () => {
    writeFiles(
      root,
      new Map([
        ['x', 'old'],
        [ranked, A],
      ]),
    )
    expect(() =>
      writeFiles(
        root,
        new Map([
          ['x', 'new'],
          ['y', 'new'],
          [ranked, B],
        ]),
      ),
    ).toThrow(
      new InputError(
        'universe.stocks.ranked changed in a way that readers of universe.stocks.ranked cannot know of: data.a removed; ' +
          'data.b added, and required; give it a new subject universe.stocks.ranked.v2\n' +
          'Nothing was written; npm run generate -- --accept-incompatible writes it all the same',
      ),
    )
    expect([content('x'), content(ranked), existsSync(join(folder, 'y'))]).toEqual(['old', A, false])
  })

  it('refuses to let a subject go, and to guess what a file means that is not JSON', () => {
    writeFiles(root, new Map([[ranked, A]]))
    expect(() => writeFiles(root, new Map())).toThrow(/^universe\.stocks\.ranked is gone/)
    writeFileSync(join(folder, ranked), '<<<<<<< HEAD')
    expect(() => writeFiles(root, new Map([[ranked, A]]))).toThrow(/^universe\.stocks\.ranked\.json is not JSON/)
  })

  it('writes it all the same when that is accepted, and remembers just that', () => {
    const gone = `${SCHEMA_FOLDER}universe.stocks.listed.json`
    writeFiles(
      root,
      new Map([
        [ranked, A],
        [gone, A],
      ]),
    )
    expect(writeFiles(root, new Map([[ranked, B]]), true)).toEqual({
      written: [ranked, ACCEPTED_FILE],
      removed: [gone],
    })
    const accepted = readAccepted(root)
    expect(accepted).toEqual({
      'universe.stocks.listed': 'removed',
      'universe.stocks.ranked': expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    const file = (text: string) => new Map([['universe.stocks.ranked.json', text]])
    expect(schemaRefusals(file(A), file(B), accepted)).toEqual([])
    expect(schemaRefusals(file(A), file(schema({})), accepted)).toHaveLength(1)
    // Without anything to accept, nothing is remembered.
    writeFiles(root, new Map([[ranked, B]]), true)
    expect(readAccepted(root)).toEqual(accepted)
  })

  it('leaves all as it was when one file cannot be written', () => {
    writeFiles(root, new Map([['x', 'old']]))
    mkdirSync(join(folder, 'z'))
    writeFileSync(join(folder, 'z', 'file'), '')
    // A file where a folder would have to be.
    expect(() =>
      writeFiles(
        root,
        new Map([
          ['x', 'new'],
          ['z/file/y', 'new'],
        ]),
      ),
    ).toThrow(/EEXIST|ENOTDIR/)
    expect(content('x')).toBe('old')
    expect(readdirSync(folder).sort()).toEqual(['x', 'z'])
  })

  it('counts on: the successor of v2 is v3', () => {
    const file = (text: string) => new Map([['a.b.c.v2.json', text]])
    expect(schemaRefusals(file(A), file(B))[0].sentence).toMatch(/ a\.b\.c\.v3$/)
  })
})

describe('a commit', () => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=n', '-c', 'user.email=e@example.org', ...args], {
      env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
      stdio: 'ignore',
    })

  it('tells a hand-edited schema from an accepted one', () => {
    git('init', '-q')
    writeFiles(root, new Map([[ranked, A]]))
    git('add', '.')
    git('commit', '-q', '-m', 'one')
    const head = committedSchemas(root, 'HEAD')
    if ('missing' in head) throw new Error(head.missing)
    expect(head.accepted).toEqual({})
    expect(schemaRefusals(head.schemas, readSchemas(root))).toEqual([])
    writeFileSync(join(folder, ranked), B)
    expect(schemaRefusals(head.schemas, readSchemas(root), readAccepted(root))).toHaveLength(1)
    writeFileSync(join(folder, ranked), A)
    writeFiles(root, new Map([[ranked, B]]), true)
    expect(schemaRefusals(head.schemas, readSchemas(root), readAccepted(root))).toEqual([])
    expect(committedSchemas(root, 'HEAD~1')).toEqual({
      missing: 'there is no HEAD~1: a first commit or a shallow clone',
    })
  })

  it('is missing in a tarball, also one that lies in another repository', () => {
    expect(committedSchemas(root, 'HEAD')).toEqual({ missing: 'this is no git checkout' })
    git('init', '-q')
    mkdirSync(join(folder, 'inside'))
    expect(committedSchemas(new URL('inside/', root), 'HEAD')).toEqual({ missing: 'this is no git checkout' })
  })
})
