import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cli } from './spawn-cli.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgefund-fills-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Refused before anything is opened. */
async function refusal(args: readonly string[], content: string): Promise<string> {
  writeFileSync(join(folder, 'rows.csv'), content)
  const { code, stdout, stderr } = await cli([...args, 'rows.csv'], { cwd: folder })
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  return stderr.trim()
}

const HEADER = 'symbol,side,quantity,price,fee,time\n'
const TIME = '2024-03-04T15:00:00Z'

describe('a file of fills', () => {
  it.each([
    [`A,hold,1,1,0,${TIME}`, 'rows.csv line 2: side "hold", expected buy or sell'],
    [`A,buy,1e3,1,0,${TIME}`, 'rows.csv line 2: quantity "1e3", expected a plain decimal number such as 12.5'],
    [`A,buy,1,1,-1,${TIME}`, 'rows.csv line 2: fee -1, expected a number from 0'],
    ['A,buy,1,1,0,2024-03-04', 'rows.csv line 2: time "2024-03-04" is a date, expected a time of day with its zone'],
    ['A,buy,1,1,0,2024-03-04T15:00', 'rows.csv line 2: Time "2024-03-04T15:00" has no zone'],
  ])('is refused for %s', async (line, message) => {
    expect(await refusal(['fills', 'import'], `${HEADER}${line}\n`)).toContain(message)
  })

  it('needs every column', async () => {
    expect(await refusal(['fills', 'import'], `symbol,side\nA,buy\n`)).toContain('"quantity", "price", "fee", "time"')
  })
})

describe('a file of holdings', () => {
  it.each([['A,1,1,4 March', 'rows.csv line 2: date "4 March", expected YYYY-MM-DD']])(
    'is refused for %s',
    async (line, message) => {
      expect(await refusal(['positions', 'import'], `symbol,quantity,price,date\n${line}\n`)).toContain(message)
    },
  )
})

describe('an amount of cash', () => {
  it.each(['-5', '1.005'])('is refused for %s', async (amount) => {
    const { code, stderr } = await cli(['cash', 'deposit', '--', amount], { cwd: folder })
    expect(code).toBe(2)
    expect(stderr).toContain(`deposit "${amount}", expected`)
  })
})
