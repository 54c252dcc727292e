import { arch } from 'node:os'
import type { RuntimeMetrics } from '../../shared/runtime/metrics.ts'
import type { Step } from '../../shared/runtime/step.ts'

/** A function as OpenFaaS' gateway lists it. */
export interface FunctionStatus {
  readonly name: string
  readonly image: string
  readonly namespace: 'openfaas-fn'
  /** Attempts since this process started. */
  readonly invocationCount: number
  readonly replicas: 1
  readonly availableReplicas: 1
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** The steps as `GET /system/functions` answers them, by name; annotations are those that nats-connector and cron-connector read. */
export async function describeFunctions(
  steps: readonly Step<never>[],
  services: readonly { readonly name: string }[],
  { codeVersion, metrics }: { readonly codeVersion: string; readonly metrics: RuntimeMetrics },
): Promise<FunctionStatus[]> {
  const counts = countInvocations(await metrics.text())
  const describe = (name: string, labels: Record<string, string>, annotations: Record<string, string>) => ({
    name,
    image: `edgefund/${name}:${codeVersion}`,
    namespace: 'openfaas-fn' as const,
    invocationCount: counts.get(name) ?? 0,
    replicas: 1 as const,
    availableReplicas: 1 as const,
    labels,
    annotations,
  })
  return [
    ...steps.map((step) => describe(step.name, { room: step.room, trigger: step.on.kind }, annotationsOf(step))),
    ...services.map(({ name }) => describe(name, { trigger: 'http' }, {})),
  ].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function annotationsOf({ on }: Step<never>): Record<string, string> {
  if (on.kind === 'event') return { topic: on.subject }
  if (on.kind === 'clock') return { topic: 'cron-function', schedule: on.schedule, workflow: on.workflow }
  if (on.kind === 'batch') return { batches: on.subject }
  return { join: on.key }
}

/** Attempts by step, from the text that Prometheus reads: there is no second count to disagree with it. */
function countInvocations(metrics: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [, step, count] of metrics.matchAll(/^edgefund_step_outcomes_total\{step="([^"]+)".*\} (\d+)$/gm)) {
    counts.set(step, (counts.get(step) ?? 0) + Number(count))
  }
  return counts
}

/** `GET /system/info`, in the shape faas-cli reads. */
export function describeGateway(codeVersion: string): object {
  const version = { sha: '', release: codeVersion }
  return { provider: { provider: 'edgefund-local', orchestration: 'process', version }, version, arch: arch() }
}
