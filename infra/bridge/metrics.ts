import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { CallResult } from './call-function.ts'

/** What the bridge measures, in Prometheus' terms. */
export interface BridgeMetrics {
  answered(step: string, outcome: CallResult['outcome']): void
  /** Counts a call as under way until the answered function is called. */
  calling(step: string): () => void
  paused(step: string, held: boolean): void
  leading(held: boolean): void
  lag(step: string, waiting: number, unacknowledged: number): void
  swept(counts: Readonly<Record<string, number>>): void
  text(): Promise<string>
  readonly contentType: string
}

export function bridgeMetrics(): BridgeMetrics {
  const registry = new Registry()
  const registers = [registry]
  const byStep = { labelNames: ['step'] as const, registers }
  const outcomes = new Counter({
    name: 'edgefund_bridge_outcomes_total',
    help: 'Answers by step and outcome',
    labelNames: ['step', 'outcome'],
    registers,
  })
  const seconds = new Histogram({
    name: 'edgefund_bridge_call_seconds',
    help: 'Time from call to answer',
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300],
    ...byStep,
  })
  const inFlight = new Gauge({ name: 'edgefund_bridge_in_flight', help: 'Calls under way', ...byStep })
  const held = new Gauge({ name: 'edgefund_bridge_paused', help: '1 while a consumer is held', ...byStep })
  const waiting = new Gauge({ name: 'edgefund_bridge_lag', help: 'Events that wait on the bus', ...byStep })
  const open = new Gauge({ name: 'edgefund_bridge_unacknowledged', help: 'Events under way or put off', ...byStep })
  const leader = new Gauge({ name: 'edgefund_bridge_leader', help: '1 on the bridge at work', registers })
  const sweeps = new Counter({
    name: 'edgefund_bridge_swept_total',
    help: 'What the sweeper mended',
    labelNames: ['part'],
    registers,
  })
  return {
    answered: (step, outcome) => outcomes.inc({ step, outcome }),
    calling(step) {
      inFlight.inc({ step })
      const stop = seconds.startTimer({ step })
      return () => {
        stop()
        inFlight.dec({ step })
      }
    },
    paused: (step, on) => held.set({ step }, on ? 1 : 0),
    leading: (on) => leader.set(on ? 1 : 0),
    lag(step, count, unacknowledged) {
      waiting.set({ step }, count)
      open.set({ step }, unacknowledged)
    },
    swept(counts) {
      for (const [part, count] of Object.entries(counts)) sweeps.inc({ part }, count)
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
