import { describe, expect, it } from 'vitest'
import { type Cell, type Io, printTable } from '../../../infra/local/cli/output.ts'

/** What a table is printed as, by the pieces it is written in. */
function printed(json: boolean, columns: readonly string[], rows: Iterable<readonly Cell[]>): string[] {
  const pieces: string[] = []
  const io: Io = { json, stdout: (text) => pieces.push(text), stderr: () => {} }
  printTable(io, columns, rows)
  return pieces
}

describe('printTable', () => {
  const rows: Cell[][] = [
    ['a,"b"', 0.1, true],
    ['two\nlines', Number.NaN, false],
    [undefined, Number.POSITIVE_INFINITY, null],
    ['short row'],
  ]

  it('prints CSV with what is undefined or not finite empty', () => {
    expect(printed(false, ['x', 'y', 'z'], rows).join('')).toBe(
      'x,y,z\n"a,""b""",0.1,true\n"two\nlines",,false\n,,\nshort row,,\n',
    )
    expect(printed(false, ['x'], []).join('')).toBe('x\n')
  })

  it('prints one JSON array with null for what is undefined or not finite', () => {
    const text = printed(true, ['x', 'y', 'z'], rows).join('')
    expect(JSON.parse(text)).toEqual([
      { x: 'a,"b"', y: 0.1, z: true },
      { x: 'two\nlines', y: null, z: false },
      { x: null, y: null, z: null },
      { x: 'short row', y: null, z: null },
    ])
    expect(text).toMatch(/^\[\{"x":[^\n]*\}\]\n$/)
    expect(printed(true, ['x'], []).join('')).toBe('[]\n')
  })

  it("keeps the CSV's order of keys, also of those that look like numbers", () => {
    expect(printed(true, ['date', '10', '2'], [['2024-01-02', 1, 2]]).join('')).toBe(
      '[{"date":"2024-01-02","10":1,"2":2}]\n',
    )
  })

  it.each([false, true])('writes a long table in pieces, as its rows come (json: %s)', (json) => {
    const count = 50_000
    const pieces = printed(
      json,
      ['n', 'text'],
      (function* () {
        for (let n = 0; n < count; n++) yield [n, 'a row of some length']
      })(),
    )
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(100_000)
    expect(json ? JSON.parse(pieces.join('')).length : pieces.join('').split('\n').length - 2).toBe(count)
  })
})
