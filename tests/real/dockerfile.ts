/** One line of a Dockerfile, its continuations joined: `COPY --from=a b c` is the word COPY with one flag and two arguments. */
export interface Instruction {
  readonly word: string
  readonly flags: Readonly<Record<string, string>>
  readonly text: string
}

export interface Stage {
  readonly image: string
  readonly platform: string | undefined
  readonly name: string | undefined
  readonly instructions: readonly Instruction[]
}

/** Reads a Dockerfile as far as ours go: no heredocs, no parser directives, nothing before the first FROM. */
export function readDockerfile(text: string): Stage[] {
  const stages: { -readonly [Key in keyof Stage]: Key extends 'instructions' ? Instruction[] : Stage[Key] }[] = []
  const lines = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replaceAll('\\\n', ' ')
    .split('\n')
  for (const line of lines.filter((each) => each.trim() !== '')) {
    const instruction = readInstruction(line.trim())
    if (instruction.word === 'FROM') {
      const [, image, name] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(instruction.text) ?? []
      stages.push({ image, name, platform: instruction.flags.platform, instructions: [] })
    } else {
      const stage = stages.at(-1)
      if (!stage) throw new Error(`"${line}" stands before the first FROM`)
      stage.instructions.push(instruction)
    }
  }
  return stages
}

/** What a stage says by a word, such as everything that it runs. */
export function said({ instructions }: Pick<Stage, 'instructions'>, word: string): Instruction[] {
  return instructions.filter((instruction) => instruction.word === word)
}

/** The sources and the destination of a COPY. */
export function copied({ text }: Instruction): { readonly sources: readonly string[]; readonly to: string } {
  const places = text.split(/\s+/)
  return { sources: places.slice(0, -1), to: places.at(-1)! }
}

/** Variables that a stage sets. */
export function variables(stage: Pick<Stage, 'instructions'>): Record<string, string> {
  const pairs = said(stage, 'ENV').map(({ text }) => {
    const [, name, quoted, bare] = /^(\w+)=(?:"([^"]*)"|(\S*))$/.exec(text) ?? []
    if (name === undefined) throw new Error(`ENV ${text} is not one variable`)
    return [name, quoted ?? bare] as const
  })
  return Object.fromEntries(pairs)
}

function readInstruction(line: string): Instruction {
  const [, word, rest = ''] = /^(\w+)\s*(.*)$/.exec(line) ?? []
  if (word === undefined) throw new Error(`"${line}" is no instruction`)
  const flags: Record<string, string> = {}
  let text = rest
  for (;;) {
    // HEALTHCHECK has flags too, RUN commands have their own behind the first word.
    const [all, name, value] = /^--([a-z-]+)=(\S+)\s+/.exec(text) ?? []
    if (all === undefined) break
    flags[name] = value
    text = text.slice(all.length)
  }
  return { word: word.toUpperCase(), flags, text }
}
