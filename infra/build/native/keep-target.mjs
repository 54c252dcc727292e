// node keep-target.mjs <platform> <architecture, in Docker's words>: of everything that npm installed, keeps what is loaded when a function
// of that machine runs. onnxruntime-node brings the machine code of five machines, and packages that only its install script uses.
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

const LOADED = ['onnxruntime-common', 'onnxruntime-node']
const NODE_ARCHITECTURES = { amd64: 'x64', arm64: 'arm64' }

const [platform = '', target = ''] = process.argv.slice(2)
const architecture = NODE_ARCHITECTURES[target]
if (platform !== 'linux' || architecture === undefined) {
  const hint = target === '' ? ' (it is empty where BuildKit does not build the image)' : ''
  fail(`There is no onnxruntime for "${platform}/${target}"${hint}, expected linux/amd64 or linux/arm64`)
}

for (const name of readdirSync('node_modules')) if (!LOADED.includes(name)) remove(join('node_modules', name))

const binaries = join('node_modules', 'onnxruntime-node', 'bin')
const kept = []
for (const interfaceVersion of readdirSync(binaries)) {
  for (const os of readdirSync(join(binaries, interfaceVersion))) {
    for (const cpu of readdirSync(join(binaries, interfaceVersion, os))) {
      const folder = join(binaries, interfaceVersion, os, cpu)
      if (os === platform && cpu === architecture) kept.push(folder)
      else remove(folder)
    }
  }
}
if (kept.length !== 1) fail(`${binaries} has ${kept.length} folders for ${platform}/${architecture}, expected one`)

const bytes = readdirSync(kept[0]).reduce((sum, file) => sum + statSync(join(kept[0], file)).size, 0)
console.log(`kept ${kept[0]}, ${(bytes / 1024 / 1024).toFixed(1)} MiB`)

function remove(path) {
  rmSync(path, { recursive: true, force: true })
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
