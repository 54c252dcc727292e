// npm run generate: writes every generated file, all or none. The tests check that they are current.
import { parseArgs } from 'node:util'
import { InputError } from '../../shared/ports/errors.ts'
import { generatedFiles, REPOSITORY } from './files.ts'
import { writeFiles } from './write-files.ts'

try {
  const { values } = parseArgs({ options: { 'accept-incompatible': { type: 'boolean', default: false } } })
  const { written, removed } = writeFiles(REPOSITORY, generatedFiles(), values['accept-incompatible'])
  for (const path of written) console.log(path)
  for (const path of removed) console.log(`${path} (removed)`)
  if (written.length + removed.length === 0) console.log('Every generated file is current')
} catch (error) {
  // A refused schema, or an argument that there is not.
  if (!(error instanceof InputError) && !isWrongArgument(error)) throw error
  console.error((error as Error).message)
  process.exitCode = 1
}

function isWrongArgument(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')
}
