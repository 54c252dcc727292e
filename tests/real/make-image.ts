import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { promisify } from 'node:util'
import { copied, type Instruction, readDockerfile, variables } from './dockerfile.ts'

const run = promisify(execFile)

export interface MadeImage {
  /** What would be the image's root, without what its base images hold. */
  readonly root: string
  /** Where the image's process starts, in `root`. */
  readonly workdir: string
  readonly env: Readonly<Record<string, string>>
  /** What was left out, since it comes from an image that is not here. */
  readonly absent: readonly string[]
}

export interface MakeImageOptions {
  readonly dockerfile: string
  /** The build context. */
  readonly context: string
  /** Where the stages are laid out, each in a folder of its own. */
  readonly out: string
  readonly args: Readonly<Record<string, string>>
  /** Given to what is run, beside the stage's own variables: where programs are, and how to reach a registry. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Follows a Dockerfile by hand, without Docker: what it copies is copied, what it runs is run by this machine's shell and Node, in a folder
 * for each stage. What stands in for the base image is this machine, so it shows that the steps fit together, not that the image works.
 */
export async function makeImage({ dockerfile, context, out, args, env }: MakeImageOptions): Promise<MadeImage> {
  const stages = new Map<string, MadeImage>()
  let last: MadeImage | undefined
  for (const [i, stage] of readDockerfile(dockerfile).entries()) {
    const root = join(out, String(i))
    mkdirSync(root, { recursive: true })
    const base = stages.get(stage.image)
    if (base) cpSync(base.root, root, { recursive: true })
    let workdir = join(root, base ? base.workdir.slice(base.root.length) : '')
    const given: Record<string, string> = {}
    const absent: string[] = []
    for (const instruction of stage.instructions) {
      const { word, text } = instruction
      if (word === 'WORKDIR') {
        workdir = isAbsolute(text) ? join(root, text) : join(workdir, text)
        mkdirSync(workdir, { recursive: true })
      }
      if (word === 'ARG') given[text] = args[text] ?? ''
      if (word === 'RUN') {
        await run('/bin/sh', ['-c', text], { cwd: workdir, env: { ...env, ...variables(stage), ...given } })
      }
      if (word === 'COPY') absent.push(...copy(instruction, { context, stages, root, workdir }))
    }
    last = { root, workdir, env: variables(stage), absent }
    // A stage that only names an image has nothing here.
    if (stage.name && stage.instructions.length > 0) stages.set(stage.name, last)
  }
  if (!last) throw new Error('The Dockerfile has no stage')
  return last
}

interface Places {
  readonly context: string
  readonly stages: ReadonlyMap<string, MadeImage>
  readonly root: string
  readonly workdir: string
}

/** Copies, and answers what is not here to be copied. */
function copy(instruction: Instruction, { context, stages, root, workdir }: Places): string[] {
  const { sources, to } = copied(instruction)
  const from = instruction.flags.from
  const stage = from === undefined ? undefined : stages.get(from)
  if (from !== undefined && !stage) return sources.map((source) => `${from}:${source}`)
  const base = stage?.root ?? context
  const place = isAbsolute(to) ? join(root, to) : join(workdir, to)
  const found = sources.flatMap((source) => matching(base, source))
  if (found.length === 0) throw new Error(`COPY ${instruction.text}: there is no such file`)
  for (const { path, name, isFolder } of found) {
    const target = isFolder || !to.endsWith('/') ? place : join(place, name)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(path, target, { recursive: true })
  }
  return []
}

/** The files that a source means: one, a folder (`a/`, of which the content counts), or all that fit `*` in its last part. */
function matching(base: string, source: string) {
  const path = join(base, source)
  const folder = dirname(path)
  const isFolder = source.endsWith('/')
  if (!source.includes('*')) {
    if (!existsSync(path)) throw new Error(`COPY ${source}: there is no such file`)
    return [{ path, name: path.split('/').at(-1)!, isFolder }]
  }
  const pattern = path
    .slice(folder.length + 1)
    .split('*')
    .map(escaped)
    .join('.*')
  return readdirSync(folder)
    .filter((name) => new RegExp(`^${pattern}$`).test(name))
    .map((name) => ({ path: join(folder, name), name, isFolder: false }))
}

function escaped(text: string): string {
  return text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
}
