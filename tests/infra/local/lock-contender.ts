// A process that fights for a state folder: it takes the lock, looks whether anybody else is in there, and lets go, until it is killed.
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tryLock } from '../../../infra/local/lock.ts'
import { isAlive, type ProcessIdentity, thisProcess } from '../../../shared/adapters/process/process-identity.ts'

const [home, hardLinks, forMs] = process.argv.slice(2)
const inside = join(home, 'inside')
const log = join(home, 'log')
const until = Date.now() + Number(forMs)

while (!existsSync(join(home, 'go'))) await sleep(5)
while (Date.now() < until) {
  const lock = tryLock(home, { verb: 'contender', hardLinks: hardLinks === 'true' })
  if (!lock) {
    await sleep(Math.random() * 4)
    continue
  }
  const other = readOther()
  if (other && isAlive(other)) appendFileSync(log, `two owners: ${process.pid} and ${other.pid}\n`)
  writeFileSync(inside, JSON.stringify(thisProcess()))
  appendFileSync(log, 'in\n')
  await sleep(Math.random() * 6)
  const still = readOther()
  if (still?.pid !== process.pid) appendFileSync(log, `two owners: ${process.pid} found ${still?.pid}\n`)
  // One in three dies in there, and whoever comes next has to clean up.
  if (Math.random() < 0.3) process.kill(process.pid, 'SIGKILL')
  rmSync(inside)
  lock.listensOn(4_000)
  lock.release()
}

function readOther(): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(inside, 'utf8')) as ProcessIdentity
  } catch {
    return undefined // nobody, or somebody who died while signing in
  }
}
