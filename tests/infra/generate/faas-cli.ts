import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Stack } from '../../../infra/generate/stack.ts'

const VARIABLE = /\$\{([A-Z][A-Z0-9_]*):-([^{}$]*)\}/g

/** A stack file as faas-cli reads it: variables are replaced in the whole text, comments included, and only then it is parsed. */
export function readStack(path: string, env: Readonly<Record<string, string>> = {}): Stack {
  const text = readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
  return parse(expand(text, env))
}

/** Refuses what it would leave to chance: a `$` that is not a variable with a default. */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  const stray = text
    .replaceAll(VARIABLE, '')
    .split('\n')
    .find((line) => line.includes('$'))
  if (stray !== undefined) throw new Error(`"${stray.trim()}" has a $ that faas-cli may take for a variable`)
  return text.replaceAll(VARIABLE, (_, name: string, otherwise: string) => env[name] || otherwise)
}

/** `65s` in seconds. */
export function seconds(duration: string): number {
  const [, number] = /^(\d+)s$/.exec(duration) ?? []
  if (number === undefined) throw new Error(`"${duration}" is not a whole number of seconds`)
  return Number(number)
}
