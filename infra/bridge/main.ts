// npm run bridge: carries events from NATS JetStream to the functions behind an OpenFaaS gateway.
import { steps } from '../../functions/index.ts'
import { outlineOf } from '../../shared/runtime/outline.ts'
import { serveBridge } from './serve.ts'

await serveBridge(steps.map(outlineOf))
