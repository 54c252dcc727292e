// npm run build [-- --only <fn>]: bundles the functions into dist/ and prints what they weigh.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { textTable } from '../local/cli/text-table.ts'
import { buildBundles, ROOT } from './build.ts'

try {
  const { values } = parseArgs({ options: { only: { type: 'string' } } })
  const built = await buildBundles({ out: join(ROOT, 'dist'), only: values.only })
  const rows = built.map(({ path, bytes }): [string, number] => [`dist/${path}`, bytes])
  process.stdout.write(textTable(['bundle', 'bytes'], rows))
} catch (error) {
  process.stderr.write(`build: ${(error as Error).message}\n`)
  process.exitCode = 2
}
