import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll } from 'vitest'
import { registerCalcAdjust } from '../../../infra/local/cli/calc-adjust.ts'
import { registerCalcQuality } from '../../../infra/local/cli/calc-quality.ts'
import { registerCalendar } from '../../../infra/local/cli/calendar.ts'

const folder = mkdtempSync(join(tmpdir(), 'edgefund-verbs-'))
let files = 0

afterAll(() => rmSync(folder, { recursive: true }))

/** Writes a CSV to a new file and answers its path. */
export function csvFile(text: string): string {
  const path = join(folder, `${files++}.csv`)
  writeFileSync(path, text)
  return path
}

export interface Ran {
  readonly stdout: string
  readonly stderr: string
  /** What the verb threw, which `main` turns into an exit code. */
  readonly error: unknown
}

/** Runs a verb in this process and keeps what it wrote. */
export async function run(...words: string[]): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  const program = new Command('edgefund').option('--json').exitOverride()
  const io = () => ({
    json: program.opts<{ json?: boolean }>().json === true,
    stdout: (text: string) => {
      stdout += text
    },
    stderr: (text: string) => {
      stderr += text
    },
  })
  const calc = program.command('calc')
  registerCalcAdjust(calc, io)
  registerCalcQuality(calc, io)
  registerCalendar(program, io)
  let error: unknown
  try {
    await program.parseAsync(words, { from: 'user' })
  } catch (thrown) {
    error = thrown
  }
  return { stdout, stderr, error }
}
