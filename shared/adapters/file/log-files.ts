import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { LogFilter, LogLevel, LogLine, RunLogs } from '../../ports/run-logs.ts'
import { errnoOf } from '../folder/failure.ts'

/** Two files of this size hold some twenty thousand lines, and are searched within a tenth of a second. */
const MOST_BYTES = 4_000_000
const NEWEST = 'edgefund.jsonl'
const OLDER = 'edgefund.1.jsonl'
const NEWLINE = 10

/** Where a logger writes its lines, each with its line break. */
export interface LogFile {
  write(line: string): void
  close(): void
}

/**
 * Opens the log of a state folder for writing at its end. A full file takes the place of the older one, so that the two never outgrow a
 * small disk. What cannot be written is lost: the work must not fail for the sake of its log.
 */
export function openLogFile(folder: string, mostBytes = MOST_BYTES): LogFile {
  let file: { readonly handle: number; bytes: number } | undefined
  const open = () => {
    mkdirSync(folder, { recursive: true })
    const handle = openSync(join(folder, NEWEST), 'a', 0o600)
    return { handle, bytes: fstatSync(handle).size }
  }
  const close = () => {
    if (file) closeSync(file.handle)
    file = undefined
  }
  return {
    write(line) {
      try {
        file ??= open()
        if (file.bytes > 0 && file.bytes + line.length > mostBytes) {
          close()
          renameSync(join(folder, NEWEST), join(folder, OLDER))
          file = open()
        }
        file.bytes += writeSync(file.handle, line)
      } catch (error) {
        if (errnoOf(error) === undefined) throw error
      }
    },
    close,
  }
}

/** Finds the lines of a run in the log of a state folder. */
export function runLogFiles(folder: string): RunLogs {
  return {
    async of({ run, step, limit }) {
      const found: LogLine[] = []
      for (const name of [NEWEST, OLDER]) {
        found.unshift(...linesOf(await bytesOf(join(folder, name)), { run, step, limit: limit - found.length }))
        if (found.length >= limit) break
      }
      return found
    },
  }
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

/** Looks for the run's name from the end, and reads only the lines that have it. */
function linesOf(bytes: Buffer, { run, step, limit }: LogFilter): LogLine[] {
  const found: LogLine[] = []
  const name = Buffer.from(`"run":${JSON.stringify(run)}`)
  let end = bytes.length
  while (found.length < limit && end > 0) {
    const at = bytes.lastIndexOf(name, end - 1)
    if (at < 0) break
    const start = bytes.lastIndexOf(NEWLINE, at) + 1
    const stop = bytes.indexOf(NEWLINE, at)
    const line = lineOf(bytes.toString('utf8', start, stop < 0 ? bytes.length : stop), run)
    if (line && (step ?? line.step) === line.step) found.push(line)
    end = start
  }
  return found.reverse()
}

const written = z.looseObject({
  time: z.number(),
  level: z.number(),
  run: z.string(),
  step: z.string().optional(),
  event: z.string().optional(),
  attempt: z.number().optional(),
  msg: z.string().optional(),
})

/** Undefined for what is no line of the run: one that a crash has cut off, or that only quotes its name. */
function lineOf(text: string, run: string): LogLine | undefined {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return undefined
  }
  const parsed = written.safeParse(content)
  if (!parsed.success || parsed.data.run !== run) return undefined
  const { time, level, run: _, step, event, attempt, msg, pid, hostname, ...rest } = parsed.data
  return {
    at: new Date(time).toISOString(),
    level: LEVELS.find(([least]) => level >= least)?.[1] ?? 'trace',
    step: step ?? null,
    event: event ?? null,
    attempt: attempt ?? null,
    message: msg ?? '',
    rest,
  }
}

/** The numbers that pino gives its levels. */
const LEVELS: readonly (readonly [least: number, level: LogLevel])[] = [
  [60, 'fatal'],
  [50, 'error'],
  [40, 'warn'],
  [30, 'info'],
  [20, 'debug'],
]
