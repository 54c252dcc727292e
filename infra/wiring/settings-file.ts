import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { InputError } from '../../shared/ports/errors.ts'
import type { Config } from '../../shared/runtime/config.ts'
import { readSettings, type Settings } from '../../shared/runtime/settings.ts'

export const SETTINGS_FILE = 'edgefund.yaml'

/** Where the settings are: the file that EDGEFUND_SETTINGS names, else `edgefund.yaml` in the home, else in the working folder. */
export function findSettingsFile(
  config: Pick<Config, 'home' | 'settingsFile'>,
  cwd = process.cwd(),
): string | undefined {
  if (config.settingsFile !== undefined) {
    const named = resolve(cwd, config.settingsFile)
    if (existsSync(named)) return named
    throw new InputError(`EDGEFUND_SETTINGS names ${named}, which does not exist`)
  }
  return [join(config.home, SETTINGS_FILE), join(cwd, SETTINGS_FILE)].find((file) => existsSync(file))
}

/** The settings of the file that counts, or the defaults where there is none. Paths in it are relative to it. */
export function loadSettings(config: Pick<Config, 'home' | 'settingsFile'>, cwd = process.cwd()): Settings {
  const file = findSettingsFile(config, cwd)
  if (file === undefined) return readSettings(undefined, SETTINGS_FILE)
  return readSettings(withAbsolutePaths(parseYaml(file), dirname(file)), file)
}

function parseYaml(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new InputError(`${file} cannot be read: ${(cause as Error).message}`, { cause })
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error) {
    const { line, col } = lines.linePos(error.pos[0])
    throw new InputError(`${file}:${line}:${col}: ${error.message.split('\n', 1)[0]}`)
  }
  return document.toJS()
}

function withAbsolutePaths(content: unknown, folder: string): unknown {
  if (!isRecord(content) || !isRecord(content.provider)) return content
  const provider = { ...content.provider }
  for (const name of ['data', 'actions']) {
    const path = provider[name]
    if (typeof path === 'string') provider[name] = resolve(folder, path)
  }
  return { ...content, provider }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
