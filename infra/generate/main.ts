// npm run generate: writes every generated file. CI checks that they are current.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatedFiles } from './files.ts'

const root = new URL('../../', import.meta.url)
for (const [path, content] of generatedFiles()) {
  const file = fileURLToPath(new URL(path, root))
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content)
  console.log(path)
}
