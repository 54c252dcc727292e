#!/usr/bin/env node
// Runs the TypeScript command line in this process, without a build step.
import { fileURLToPath } from 'node:url'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`edgefund: needs Node >= 20.19, this is ${process.versions.node}`)
  process.exit(3)
}

const tsx = await import('tsx/esm/api').catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
  console.error(
    `edgefund: its packages are not installed; run "npm ci" in ${fileURLToPath(new URL('..', import.meta.url))}`,
  )
  process.exit(3)
})
tsx.register()
await import('../infra/local/cli/main.ts')
