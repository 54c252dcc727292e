import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** From each place, the places that it may import from. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'shared/domain': ['shared/domain'],
  'shared/ports': ['shared/ports', 'shared/domain', 'shared/events'],
  'shared/events': ['shared/events', 'shared/domain'],
  'shared/adapters': ['shared/adapters', 'shared/ports', 'shared/domain', 'shared/events'],
  'shared/runtime': ['shared/runtime', 'shared/ports', 'shared/domain', 'shared/events'],
  functions: ['shared/domain', 'shared/events', 'shared/ports', 'shared/runtime'],
  infra: ['infra', 'functions', 'shared'],
}

/** Where numbers become exact decimals: arithmetic on them is the same anywhere, and nobody else knows the library. */
const DECIMALS = 'shared/domain/money/decimal.ts'

const files = ['shared', 'functions', 'infra'].flatMap(typescriptFiles)

describe('imports', () => {
  it('finds the code', () => expect(files.length).toBeGreaterThan(80))

  it.each(files)('%s imports only what its place may', (file) => {
    const place = placeOf(file)
    for (const target of importsOf(file)) {
      if (!target.startsWith('.')) {
        // Domain is pure: no libraries but the one that describes data and, in their one place, exact decimals; and nothing of the machine.
        if (place === 'shared/domain') expect([file, target]).toEqual([file, file === DECIMALS ? 'big.js' : 'zod'])
        continue
      }
      const imported = relative(root, resolve(dirname(join(root, file)), target))
      if (file === 'functions/index.ts') continue
      const sameFolder = place === 'functions' && dirname(imported) === dirname(file)
      const allowed = sameFolder || ALLOWED[place].some((prefix) => imported.startsWith(`${prefix}/`))
      expect(allowed, `${file} imports ${imported}`).toBe(true)
    }
  })
})

function placeOf(file: string): string {
  const place = Object.keys(ALLOWED).find((prefix) => file.startsWith(`${prefix}/`))
  if (!place) throw new Error(`${file} is in no place that has a rule`)
  return place
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found = text.matchAll(/^(?:import|export)\b[^'"`;=]*?\bfrom '([^']+)'|\bimport\('([^']+)'\)/gm)
  return [...found].map((match) => match[1] ?? match[2])
}

function typescriptFiles(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(join(root, path)).isDirectory()) return typescriptFiles(path)
    return path.endsWith('.ts') ? [path] : []
  })
}
