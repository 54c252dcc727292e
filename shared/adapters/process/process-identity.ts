import { readFileSync, readlinkSync } from 'node:fs'
import { hostname, uptime } from 'node:os'

/** A process, told apart from every other one before, after or elsewhere. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it started, in the kernel's own count: a pid used again is not the same process. Empty where unknown. */
  readonly startTime: string
  /** This start of the machine. */
  readonly bootId: string
  /** Where its pid means something: a container has its own pids. Empty where unknown. */
  readonly namespace: string
  readonly host: string
}

let own: ProcessIdentity | undefined

export function thisProcess(): ProcessIdentity {
  own ??= {
    pid: process.pid,
    startTime: statOf(process.pid)?.startTime ?? '',
    bootId: bootId(),
    namespace: pidNamespace(),
    host: hostname(),
  }
  return own
}

/** Whether the process still runs; undefined when it belongs to another machine, boot or container and cannot be asked from here. */
export function isAlive(other: ProcessIdentity): boolean | undefined {
  const here = thisProcess()
  if (other.bootId !== here.bootId || other.namespace !== here.namespace) return undefined
  if (!exists(other.pid)) return false
  const stat = statOf(other.pid)
  // Either there is nothing to read about processes here, or it went away between the two questions.
  if (!stat) return exists(other.pid)
  if (stat.state === 'Z' || stat.state === 'X') return false
  return other.startTime === '' || stat.startTime === other.startTime
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, but belongs to another user.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    // Minutes, because the clock is set now and then; a wrong guess is "cannot be asked", which only costs time.
    return `${hostname()}:${Math.round(Date.now() / 60_000 - uptime() / 60)}`
  }
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

/** Fields 3 and 22 of Linux's `/proc/<pid>/stat`, counted behind the name, which may hold spaces and parentheses. */
function statOf(pid: number): { readonly state: string; readonly startTime: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0], startTime: fields[19] }
  } catch {
    return undefined
  }
}
