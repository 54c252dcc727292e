import { createContext } from '../../../infra/local/cli/context.ts'
import { createProgram } from '../../../infra/local/cli/program.ts'

/** The whole command line in this process, from words to what is printed or thrown. */
export async function runProgram(
  words: string[],
  interrupted: AbortSignal = new AbortController().signal,
): Promise<{ stdout: string; stderr: string; error: unknown }> {
  const said = { stdout: '', stderr: '' }
  const program = createProgram(words, (text) => {
    said.stdout += text
  })
  const context = createContext({
    flags: program.flags,
    env: {},
    write: (stream, text) => {
      said[stream] += text
    },
    interrupted,
    endsWith: () => {},
  })
  try {
    await program.run(context)
    return { ...said, error: undefined }
  } catch (error) {
    return { ...said, error }
  }
}
