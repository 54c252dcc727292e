import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { isRecord } from '../../shared/domain/is-record.ts'
import { InputError } from '../../shared/ports/errors.ts'
import type { Config } from '../../shared/runtime/config.ts'
import { isShippedMandate } from '../../shared/runtime/mandate.ts'
import { STORED_MODEL } from '../../shared/runtime/sentiment-settings.ts'
import { readSettings, type Settings } from '../../shared/runtime/settings.ts'
import { withListings } from './listings-file.ts'

export const SETTINGS_FILE = 'edgefund.yaml'
export const MANDATE_FILE = 'mandate.yaml'

type Places = Pick<Config, 'home' | 'settingsFile' | 'mandateFile'>

/** Where the settings are: the file that EDGEFUND_SETTINGS names, else `edgefund.yaml` in the home, else in the working folder. */
export function findSettingsFile({ home, settingsFile }: Places, cwd = process.cwd()): string | undefined {
  return findFile('EDGEFUND_SETTINGS', settingsFile, SETTINGS_FILE, home, cwd)
}

/**
 * Where the mandate is: the file that EDGEFUND_MANDATE names, else `mandate.yaml` in the home, else in the working folder. A shipped mandate
 * that it names is no file.
 */
export function findMandateFile({ home, mandateFile }: Places, cwd = process.cwd()): string | undefined {
  if (isShippedMandate(mandateFile)) return undefined
  return findFile('EDGEFUND_MANDATE', mandateFile, MANDATE_FILE, home, cwd)
}

function findFile(variable: string, said: string | undefined, name: string, home: string, cwd: string) {
  if (said !== undefined) {
    const named = resolve(cwd, said)
    if (existsSync(named)) return named
    throw new InputError(`${variable} names ${named}, which does not exist`)
  }
  return [join(home, name), join(cwd, name)].find((file) => existsSync(file))
}

/** The settings and the mandate of the files that count, or the defaults where there is none. Paths in them are relative to them. */
export function loadSettings(config: Places, cwd = process.cwd()): Settings {
  const file = findSettingsFile(config, cwd)
  const mandateFile = findMandateFile(config, cwd)
  const content = file === undefined ? undefined : withAbsolutePaths(parseYaml(file), dirname(file))
  if (mandateFile === undefined) {
    const said = isShippedMandate(config.mandateFile) && {
      content: { base: config.mandateFile },
      file: 'EDGEFUND_MANDATE',
    }
    return readSettings(content, file ?? SETTINGS_FILE, said || undefined)
  }
  const mandate = withListings(parseYaml(mandateFile), mandateFile)
  return readSettings(content, file ?? SETTINGS_FILE, { content: mandate, file: mandateFile })
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

/** Paths in the file are meant from where it lies. */
function withAbsolutePaths(content: unknown, folder: string): unknown {
  if (!isRecord(content)) return content
  const { provider, news, sentiment } = content
  return {
    ...content,
    ...(isRecord(provider) && { provider: resolved(provider, ['data', 'actions'], folder) }),
    ...(Array.isArray(news) && { news: news.map((one) => (isRecord(one) ? resolved(one, ['data'], folder) : one)) }),
    ...(isRecord(sentiment) && namesFiles(sentiment) && { sentiment: resolved(sentiment, ['model'], folder) }),
  }
}

/** A model is a file or a folder, unless a server has it or it lies in the object store. */
function namesFiles({ backend, model }: Readonly<Record<string, unknown>>): boolean {
  return backend !== 'hailo-ollama' && !String(model).startsWith(STORED_MODEL)
}

function resolved(spec: Readonly<Record<string, unknown>>, names: readonly string[], folder: string) {
  const paths = names.flatMap((name) => {
    const path = spec[name]
    return typeof path === 'string' ? [[name, resolve(folder, path)]] : []
  })
  return { ...spec, ...Object.fromEntries(paths) }
}
