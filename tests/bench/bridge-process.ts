// The bridge for the bench, as a process of its own.
import { serveBridge } from '../../infra/bridge/serve.ts'
import { benchOutlines } from './bridge-toys.ts'

await serveBridge(benchOutlines)
