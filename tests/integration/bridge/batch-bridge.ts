// The bridge for the toys that take batches, as a process of its own.
import { serveBridge } from '../../../infra/bridge/serve.ts'
import { batchOutlines } from './batch-toys.ts'

// Shorter waits than in earnest, so that an outage of seconds stands for one of minutes.
await serveBridge(batchOutlines, { leaseMs: 2_000, sweepEveryMs: 2_000, hold: { firstMs: 100, mostMs: 1_000 } })
