import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CsvColumns, parseCsv, readCsv } from '../../../../shared/adapters/csv/csv-table.ts'
import { InputError } from '../../../../shared/ports/errors.ts'

const parse = (text: string, columns: CsvColumns) => parseCsv(Buffer.from(text), 'prices.csv', columns)
const column = (text: string, name: string) => {
  const table = parse(text, { required: [name] })
  const read = table.text(name)
  return Array.from({ length: table.rows }, (_, row) => read(row))
}

describe('parseCsv', () => {
  it('reads numbers and texts by column name, ignoring the others', () => {
    const table = parse('symbol,note,close\nAAPL,x,1.5\nMSFT,y,\n', {
      required: ['symbol', 'close'],
      optional: ['volume'],
    })
    expect(table.rows).toBe(2)
    expect(table.header).toEqual(['symbol', 'note', 'close'])
    expect(table.has('volume')).toBe(false)
    expect(table.text('symbol')(1)).toBe('MSFT')
    expect([...table.number('close')]).toEqual([1.5, Number.NaN])
  })

  it('refuses to give a column nobody asked for, and one the file lacks', () => {
    const table = parse('a,b\n1,2\n', { required: ['a'], optional: ['c'] })
    expect(() => table.number('b')).toThrow(RangeError)
    expect(() => table.number('c')).toThrow(new InputError('prices.csv has no column "c"; its header is a,b'))
  })

  it('gives every column of the header when all are asked for', () => {
    const table = parse('date,AAPL,MSFT\n2020-01-02,1,2\n', { required: ['date'], all: true })
    expect(table.number('MSFT')[0]).toBe(2)
  })

  it.each([
    ['LF', 'a,b\n1,x\n2,y\n'],
    ['CR LF', 'a,b\r\n1,x\r\n2,y\r\n'],
    ['no line break at the end', 'a,b\n1,x\n2,y'],
    ['CR LF without the last', 'a,b\r\n1,x\r\n2,y'],
    ['blank lines at the end', 'a,b\n1,x\n2,y\n\n\r\n\n'],
    ['a byte order mark', '\uFEFFa,b\n1,x\n2,y\n'],
    ['quotes', '"a","b"\r\n"1","x"\r\n"2","y"'],
  ])('accepts %s', (_, text) => {
    const table = parse(text, { required: ['a', 'b'] })
    expect([...table.number('a')]).toEqual([1, 2])
    expect([0, 1].map(table.text('b'))).toEqual(['x', 'y'])
  })

  it('reads quotes, commas and line breaks inside quoted cells, and counts lines with them', () => {
    const text = 'id,title,n\n1,"He said ""buy"", twice",7\n2,"two\r\nlines",8\n3,plain,abc\n'
    const table = parse(text, { required: ['title', 'n'] })
    expect([0, 1, 2].map(table.text('title'))).toEqual(['He said "buy", twice', 'two\r\nlines', 'plain'])
    expect([0, 1, 2].map(table.line)).toEqual([2, 3, 5])
    expect(() => table.number('n')).toThrow(new InputError('prices.csv, line 5, column "n": "abc" is not a number'))
  })

  it('keeps empty cells and blank lines inside a file of one column', () => {
    expect([...parse('returns\n0.1\n\n0.2\n', { required: ['returns'] }).number('returns')]).toEqual([
      0.1,
      Number.NaN,
      0.2,
    ])
  })

  it('has no rows when there is only a header', () => {
    for (const text of ['a,b', 'a,b\n', 'a,b\r\n', 'a,b\n\n']) expect(parse(text, { required: ['a'] }).rows).toBe(0)
  })

  it('ignores columns that are there twice but not read', () => {
    const table = parse('a,b,,\n1,2,,\n', { required: ['a'] })
    expect([...table.number('a')]).toEqual([1])
    expect(() => parse('a,b,b\n1,2,3\n', { required: ['a'], optional: ['b'] })).toThrow('the column "b" is there twice')
    expect(() => parse('a,b,b\n1,2,3\n', { required: ['a'], all: true })).toThrow('the column "b" is there twice')
  })

  it.each([
    ['', 'prices.csv is empty, expected a CSV with a header'],
    ['\uFEFF', 'prices.csv is empty, expected a CSV with a header'],
    ['A,b\n1,2\n', 'prices.csv has no column "a"; its header is A,b'],
    [
      'b,c\r1,2\r',
      'prices.csv has no column "a"; its header is b,c\\r1,2 (lines end with LF or CR LF, not with CR alone)',
    ],
    ['a,b,a\n1,2,3\n', 'prices.csv, line 1: the column "a" is there twice'],
    ['a,b\n1,2\n3\n', 'prices.csv, line 3: 1 cell, expected 2 as in the header'],
    ['a,b\n1,2,3\n', 'prices.csv, line 2: 3 cells, expected 2 as in the header'],
    ['a,b\n1,2\n\n3,4\n', 'prices.csv, line 3: 1 cell, expected 2 as in the header'],
    ['a,b\n1,"2\n3,4\n', 'prices.csv, line 2: a quote is opened and never closed'],
    ['a,b\n"1"2,3\n', `prices.csv, line 2: a closing quote is followed by text, expected a comma or the line's end`],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => parse(text, { required: ['a'] })).toThrow(new InputError(message))
  })

  it.each(['Infinity', 'null', 'NaN', '0x1F', '1 000', '-'])('refuses %j as a number, with line and column', (cell) => {
    const table = parse(`close\n1\n${cell}\n`, { required: ['close'] })
    expect(() => table.number('close')).toThrow(
      new InputError(`prices.csv, line 3, column "close": "${cell}" is not a number`),
    )
  })

  it('gives back whatever cells were written by the rules of RFC 4180', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.constantFrom('', '"', ',', '\n', '\r\n', '""', 'é,"\n'),
    )
    const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 20 })
    const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
    const bare = (text: string) => (/[",\r\n\uFEFF]/.test(text) ? quote(text) : text)
    fc.assert(
      fc.property(rows, fc.boolean(), fc.constantFrom('\n', '\r\n'), fc.boolean(), (records, quoteAll, end, last) => {
        // A blank cell in the last place of a file without a last line break is still a cell, its row not a blank line.
        const lines = [['a', 'b', 'c'], ...records].map((record) => record.map(quoteAll ? quote : bare).join(','))
        const table = parse(lines.join(end) + (last ? end : ''), { required: ['a', 'b', 'c'] })
        const texts = ['a', 'b', 'c'].map((name) => table.text(name))
        expect(Array.from({ length: table.rows }, (_, row) => texts.map((text) => text(row)))).toEqual(records)
      }),
      { numRuns: 1000 },
    )
  })

  it('reads as many different texts as there are', () => {
    const words = Array.from({ length: 70_000 }, (_, n) => `w${n}`)
    expect(column(`word\n${words.join('\n')}\n`, 'word')).toEqual(words)
    expect(column(`word\n${['ä', 'a', '', 'ä', 'x'.repeat(40)].join('\n')}\n`, 'word')).toEqual([
      'ä',
      'a',
      '',
      'ä',
      'x'.repeat(40),
    ])
  })

  it('gives equal cells as one string', () => {
    const read = parse('symbol\nAAPL\nMSFT\nAAPL\n', { required: ['symbol'] }).text('symbol')
    expect([2, 1, 0].map(read)).toEqual(['AAPL', 'MSFT', 'AAPL'])
    expect(() => read(3)).toThrow(RangeError)
  })
})

describe('readCsv', () => {
  let folder: string
  const file = (name: string) => path.join(folder, name)
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'csv-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('unpacks gzip by its bytes, whatever the name, members joined', async () => {
    await writeFile(file('packed.csv'), Buffer.concat([gzipSync('\uFEFFa\n1\n'), gzipSync('2\n')]))
    expect([...(await readCsv(file('packed.csv'), { required: ['a'] })).number('a')]).toEqual([1, 2])
  })

  it.each([
    ['no-such.csv', undefined, 'does not exist'],
    ['empty.csv', Buffer.alloc(0), 'is empty'],
    ['empty.csv.gz', gzipSync(''), 'is empty'],
    ['latin1.csv', Buffer.from('a\ncaf\xe9\n', 'latin1'), 'is not UTF-8'],
    ['cut.csv.gz', gzipSync('a\n1\n').subarray(0, 15), 'is not a whole gzip file'],
  ])('says what is wrong with %s', async (name, bytes, message) => {
    if (bytes) await writeFile(file(name), bytes)
    const reading = readCsv(file(name), { required: ['a'] })
    await expect(reading).rejects.toThrow(InputError)
    await expect(reading).rejects.toThrow(`${file(name)} ${message}`)
  })

  it('reads standard input, gzipped or not', () => {
    const module = new URL('../../../../shared/adapters/csv/csv-table.ts', import.meta.url).href
    const script = `import { readCsv } from '${module}'
      const table = await readCsv('-', { required: ['a'] })
      console.log(table.file, ...table.number('a'))`
    const run = (input: Buffer) =>
      execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
        input,
        encoding: 'utf8',
      })
    expect(run(Buffer.from('a\n1\n2\n'))).toBe('standard input 1 2\n')
    expect(run(gzipSync('a\n3\n'))).toBe('standard input 3\n')
  })

  it('says that a folder is not a file', async () => {
    await expect(readCsv(folder, { required: ['a'] })).rejects.toThrow(
      new InputError(`${folder} is a folder, expected a file`),
    )
  })
})
