import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLog } from '../../../infra/local/cli/state.ts'
import { runLogFiles } from '../../../shared/adapters/file/log-files.ts'
import { readConfig } from '../../../shared/runtime/config.ts'

describe('the log of a verb', () => {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'edgefund-log-'))
  })
  afterEach(() => rmSync(home, { recursive: true }))

  const messages = async () => {
    const lines = await runLogFiles(join(home, 'logs')).of({ run: 'r', limit: 10 })
    return lines.map(({ level, message }) => `${level} ${message}`)
  }

  it('is kept in the state folder from "info" on, also by a verb that shows none', async () => {
    const log = await openLog('silent', { ...readConfig({}), home })
    log.debug({ run: 'r' }, 'too fine')
    log.info({ run: 'r' }, 'kept')
    expect(await messages()).toEqual(['info kept'])
  })

  it('is kept whole by a verb that shows only errors', async () => {
    const log = await openLog('error', { ...readConfig({}), home })
    log.info({ run: 'r' }, 'kept')
    expect(await messages()).toEqual(['info kept'])
  })

  it('is kept elsewhere where the work is done elsewhere', async () => {
    const log = await openLog('silent', { ...readConfig({}), home, work: 'elsewhere' })
    log.error({ run: 'r' }, 'said')
    expect(existsSync(join(home, 'logs'))).toBe(false)
  })
})
