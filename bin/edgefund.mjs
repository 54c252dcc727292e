#!/usr/bin/env node
// Runs the TypeScript command line in this process, without a build step.
import { register } from 'tsx/esm/api'

register()
await import('../infra/local/cli/main.ts')
