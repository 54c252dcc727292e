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

const config = (settingsFile?: string) => ({ home, settingsFile })

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
})
