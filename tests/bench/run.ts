// npm run bench [name …]: every bench whose name holds one of the words, one after the other, each in a process of its own.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('.', import.meta.url)
const words = process.argv.slice(2)
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.bench.ts'))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
  .sort()
if (names.length === 0) {
  console.error(`No bench is called ${words.join(' or ')}`)
  process.exitCode = 2
}
for (const name of names) {
  console.log(`\n## ${name}`)
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', fileURLToPath(new URL(name, folder))], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exitCode = 1
}
