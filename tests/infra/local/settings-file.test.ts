import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findSettingsFile, loadSettings } from '../../../infra/wiring/settings-file.ts'
import { InputError } from '../../../shared/ports/errors.ts'

let cwd: string
let home: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'edgefund-settings-'))
  home = join(cwd, 'home')
  mkdirSync(home)
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

const config = (settingsFile?: string, mandateFile?: string) => ({ home, settingsFile, mandateFile })

describe('the settings', () => {
  it('are the defaults where there is no file', () => {
    expect(findSettingsFile(config(), cwd)).toBeUndefined()
    expect(loadSettings(config(), cwd)).toMatchObject({ provider: { name: 'simulated' }, benchmark: '^GSPC' })
  })

  it('are those of the named file, then of the home, then of the working folder', () => {
    writeFileSync(join(cwd, 'edgefund.yaml'), 'hotDays: 1')
    expect(loadSettings(config(), cwd).hotDays).toBe(1)
    writeFileSync(join(home, 'edgefund.yaml'), 'hotDays: 2')
    expect(loadSettings(config(), cwd).hotDays).toBe(2)
    writeFileSync(join(cwd, 'mine.yaml'), 'hotDays: 3')
    expect(loadSettings(config('mine.yaml'), cwd).hotDays).toBe(3)
    expect(() => loadSettings(config('nowhere.yaml'), cwd)).toThrow(/EDGEFUND_SETTINGS names .*nowhere\.yaml/)
  })

  it('may be an empty file', () => {
    writeFileSync(join(cwd, 'edgefund.yaml'), '# nothing yet\n')
    expect(loadSettings(config(), cwd).hotDays).toBe(90)
  })

  it('name their data from where they lie', () => {
    writeFileSync(join(home, 'edgefund.yaml'), 'provider: { name: file, data: ../prices, actions: /abs/actions.csv }')
    expect(loadSettings(config(), '/').provider).toMatchObject({
      data: join(cwd, 'prices'),
      actions: '/abs/actions.csv',
    })
  })

  it('say where they are wrong', () => {
    writeFileSync(join(cwd, 'edgefund.yaml'), 'hotDays: 90\nsymbols:\n  - A\n - B\n')
    expect(() => loadSettings(config(), cwd)).toThrow(/edgefund\.yaml:4:\d+: /)
    writeFileSync(join(cwd, 'edgefund.yaml'), 'hotDays: 0\nhotdays: 9\n')
    expect(() => loadSettings(config(), cwd)).toThrow(InputError)
    expect(() => loadSettings(config(), cwd)).toThrow(/edgefund\.yaml: hotDays: .*hotdays/)
  })

  it('carry the mandate of the named file, then of the home, then of the working folder', () => {
    writeFileSync(join(cwd, 'mandate.yaml'), 'name: beside')
    expect(loadSettings(config(), cwd).mandate.name).toBe('beside')
    writeFileSync(join(home, 'mandate.yaml'), 'name: at home')
    expect(loadSettings(config(), cwd).mandate.name).toBe('at home')
    writeFileSync(join(cwd, 'mine.yaml'), 'name: mine')
    expect(loadSettings(config(undefined, 'mine.yaml'), cwd).mandate.name).toBe('mine')
    expect(loadSettings(config(undefined, 'small'), cwd).mandate.name).toBe('small')
    expect(() => loadSettings(config(undefined, 'none.yaml'), cwd)).toThrow(/EDGEFUND_MANDATE names .*none\.yaml/)
  })

  it('have another hash when the mandate differs', () => {
    const before = loadSettings(config(), cwd).hash
    writeFileSync(join(cwd, 'mandate.yaml'), 'portfolio: { nameCap: 0.04 }')
    expect(loadSettings(config(), cwd).hash).not.toBe(before)
  })

  it('take the listings from a file of constituents, and what is ingested follows', () => {
    writeFileSync(
      join(cwd, 'list.csv'),
      'Symbol,Security,GICS Sector,Founded\nBRK.B,Berkshire Hathaway,Financials,1839\n',
    )
    writeFileSync(join(cwd, 'mandate.yaml'), 'universe: { listingsFile: list.csv }')
    const { mandate, instruments } = loadSettings(config(), cwd)
    expect(mandate.universe.listings).toMatchObject([{ symbol: 'BRK-B', name: 'Berkshire Hathaway', currency: 'USD' }])
    expect(instruments.map(({ symbol }) => symbol)).toEqual(expect.arrayContaining(['BRK-B', '^GSPC', '^VIX']))
    expect(instruments.map(({ symbol }) => symbol)).not.toContain('AAPL')
  })

  it('say what a file of constituents lacks', () => {
    writeFileSync(join(cwd, 'list.csv'), 'ticker,name\nA,B\n')
    writeFileSync(join(cwd, 'mandate.yaml'), 'universe: { listingsFile: list.csv }')
    expect(() => loadSettings(config(), cwd)).toThrow(/list\.csv has no column symbol or Symbol/)
  })
})
