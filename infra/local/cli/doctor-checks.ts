import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Instant } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import type { Config } from '../../../shared/runtime/config.ts'
import type { Settings } from '../../../shared/runtime/settings.ts'
import { inspectLock } from '../lock.ts'
import { bytes } from './human.ts'

/** One thing looked at, and what to do when it is not well. */
export interface Finding {
  readonly check: string
  readonly status: 'ok' | 'warn' | 'fail'
  readonly found: string
  readonly advice?: string
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const LEAST_NODE = [20, 19] as const
const LEAST_DISK = 200_000_000
const LITTLE_DISK = 2_000_000_000
const CALENDAR_NOTICE_MS = 90 * 86_400_000

export function checkNode(version: string): Finding {
  const [major, minor] = version.split('.').map(Number)
  const enough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])
  if (enough) return { check: 'node', status: 'ok', found: version }
  return { check: 'node', status: 'fail', found: version, advice: `install Node ${LEAST_NODE.join('.')} or later` }
}

export function checkPackages(root = ROOT): Finding {
  const lock = `${root}package-lock.json`
  const installed = `${root}node_modules/.package-lock.json`
  if (!existsSync(lock)) return { check: 'packages', status: 'ok', found: 'installed as a package' }
  const current = existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs
  if (current) return { check: 'packages', status: 'ok', found: 'as locked' }
  return { check: 'packages', status: 'warn', found: 'older than package-lock.json', advice: 'run "npm ci"' }
}

/** Whether the home, or the folder it will be made in, can be written. */
export function checkHome(home: string): Finding {
  let place = home
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place)
  const found = place === home ? home : `${home} (made at the first run)`
  try {
    accessSync(place, constants.W_OK | constants.X_OK)
    if (statSync(place).isDirectory()) return { check: 'home', status: 'ok', found }
    return { check: 'home', status: 'fail', found: `${place} is no folder`, advice: 'choose another --home' }
  } catch {
    return { check: 'home', status: 'fail', found: `${place} cannot be written`, advice: 'choose another --home' }
  }
}

export function checkLock(home: string): Finding {
  const lock = inspectLock(home)
  if (!lock) return { check: 'lock', status: 'ok', found: 'free' }
  const { owner, held } = lock
  const who = owner ? `process ${owner.pid} (${owner.verb}) on ${owner.host} since ${owner.createdAt}` : 'a process'
  if (held) return { check: 'lock', status: 'ok', found: `held by ${who}` }
  return { check: 'lock', status: 'ok', found: `left by ${who}, which is gone; the next verb takes over` }
}

export function checkDisk(home: string): Finding {
  let place = home
  while (!existsSync(place)) place = dirname(place)
  const { bavail, bsize } = statfsSync(place)
  const free = bavail * bsize
  const found = `${bytes(free)} free`
  if (free < LEAST_DISK) return { check: 'disk', status: 'fail', found, advice: 'make room, or choose another --home' }
  if (free < LITTLE_DISK) return { check: 'disk', status: 'warn', found, advice: 'make room before a long backfill' }
  return { check: 'disk', status: 'ok', found }
}

/** A machine without a battery starts in the past, and holidays are known for some years only. */
export function checkClock(nowMs: number): Finding {
  const now = new Date(nowMs).toISOString().slice(0, 19)
  const calendar = tradingCalendar('XNYS')
  if (now.slice(0, 10) < '2026-01-01') {
    return { check: 'clock', status: 'fail', found: now, advice: 'set the clock (this program is newer than that)' }
  }
  if (now.slice(0, 10) > calendar.last) {
    return {
      check: 'clock',
      status: 'fail',
      found: `${now}, holidays known to ${calendar.last}`,
      advice: 'update edgefund',
    }
  }
  const ends = Date.parse(calendar.last)
  if (nowMs > ends - CALENDAR_NOTICE_MS) {
    return {
      check: 'clock',
      status: 'warn',
      found: `holidays known to ${calendar.last} only`,
      advice: 'update edgefund',
    }
  }
  return { check: 'clock', status: 'ok', found: `${now}Z, last session ${calendar.lastCompleted(nowMs as Instant)}` }
}

export function checkProvider({ provider, instruments }: Settings): Finding {
  const of = `${provider.name}, ${instruments.length} symbols`
  if (provider.name === 'simulated') {
    return { check: 'provider', status: 'ok', found: `${of}; nothing of it is real, edgefund.yaml names another` }
  }
  if (provider.name !== 'file') return { check: 'provider', status: 'ok', found: `${of} (not asked)` }
  const missing = [provider.data, provider.actions].find((path) => path !== undefined && !existsSync(path))
  if (provider.data === undefined || missing !== undefined) {
    const found = missing === undefined ? 'file without data' : `${missing} does not exist`
    return { check: 'provider', status: 'fail', found, advice: 'mend "provider" in edgefund.yaml' }
  }
  return { check: 'provider', status: 'ok', found: `${of} from ${provider.data}` }
}

/** Whether there is an embedded database to look at: a check-up should not found a state folder. */
export function hasState({ home }: Pick<Config, 'home'>): boolean {
  return existsSync(`${home}/postgres`)
}

/** What is under way, and what a person must look at. */
export function workFinding({ running, dead }: { readonly running: number; readonly dead: number }): Finding {
  const found = `${running} runs under way, ${dead} dead letters`
  if (dead === 0) return { check: 'work', status: 'ok', found }
  return { check: 'work', status: 'warn', found, advice: 'look at "edgefund dead-letters list"' }
}
