import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeDataset } from '../../../../shared/adapters/simulated/dataset-folder.ts'
import { InputError } from '../../../../shared/ports/errors.ts'

let home = ''
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'edgefund-dataset-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const FILES = [
  { name: 'dataset.yaml', lines: ['basis: raw'] },
  { name: 'daily.csv', lines: ['a,b', '1,2'] },
]
const GENTLY = { force: false }

describe('writeDataset', () => {
  it('makes the folder, and those above it, with every file and nothing else', async () => {
    const folder = path.join(home, 'some', 'where')
    const written = await writeDataset(folder, FILES, GENTLY)
    expect(written).toEqual([
      { name: 'dataset.yaml', lines: 1 },
      { name: 'daily.csv', lines: 2 },
    ])
    expect((await readdir(folder)).sort()).toEqual(['daily.csv', 'dataset.yaml'])
    expect(await readFile(path.join(folder, 'daily.csv'), 'utf8')).toBe('a,b\n1,2\n')
    expect(await readdir(path.dirname(folder))).toEqual(['where'])
  })

  it('fills an empty folder', async () => {
    const folder = path.join(home, 'empty')
    await mkdir(folder)
    await writeDataset(folder, FILES, GENTLY)
    expect((await readdir(folder)).sort()).toEqual(['daily.csv', 'dataset.yaml'])
  })

  it('refuses a folder that is not empty and leaves it as it is', async () => {
    await writeFile(path.join(home, 'mine.txt'), 'mine')
    await expect(writeDataset(home, FILES, GENTLY)).rejects.toThrow(InputError)
    await expect(writeDataset(home, FILES, GENTLY)).rejects.toThrow(/not empty \(it holds mine\.txt\).*--force/)
    expect(await readdir(home)).toEqual(['mine.txt'])
  })

  it('replaces files of the same names when forced, and leaves others alone', async () => {
    await writeFile(path.join(home, 'mine.txt'), 'mine')
    await writeFile(path.join(home, 'daily.csv'), 'old')
    await writeDataset(home, FILES, { force: true })
    expect((await readdir(home)).sort()).toEqual(['daily.csv', 'dataset.yaml', 'mine.txt'])
    expect(await readFile(path.join(home, 'daily.csv'), 'utf8')).toBe('a,b\n1,2\n')
  })

  it('leaves nothing behind when it dies half-way, and the old dataset untouched', async () => {
    const dying = () => [...FILES.slice(0, 1), { name: 'daily.csv', lines: failing() }]
    const folder = path.join(home, 'new')
    await expect(writeDataset(folder, dying(), GENTLY)).rejects.toThrow('out of paper')
    expect(await readdir(home)).toEqual([])
    await writeDataset(folder, FILES, GENTLY)
    await expect(writeDataset(folder, dying(), { force: true })).rejects.toThrow('out of paper')
    expect(await readdir(home)).toEqual(['new'])
    expect(await readFile(path.join(folder, 'daily.csv'), 'utf8')).toBe('a,b\n1,2\n')
  })

  it('says that a file is no folder', async () => {
    const file = path.join(home, 'file')
    await writeFile(file, '')
    await expect(writeDataset(file, FILES, GENTLY)).rejects.toThrow(`--out ${file} is not a folder`)
    await expect(writeDataset(path.join(file, 'in'), FILES, GENTLY)).rejects.toThrow(InputError)
  })

  it('writes more lines than one chunk holds', async () => {
    const folder = path.join(home, 'large')
    const lines = Array.from({ length: 50_000 }, (_, i) => `line ${i}`)
    await writeDataset(folder, [{ name: 'large.csv', lines }], GENTLY)
    expect((await readFile(path.join(folder, 'large.csv'), 'utf8')).split('\n').slice(0, -1)).toEqual(lines)
  })
})

function* failing(): Iterable<string> {
  yield 'a,b'
  throw new Error('out of paper')
}
