import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Outcome } from './answer.ts'

/** The runtime's own measurements, in Prometheus' terms. */
export interface RuntimeMetrics {
  observe(step: string, outcome: Outcome, seconds: number): void
  readonly inFlight: Gauge<'step'>
  /** The text of `/metrics`. */
  text(): Promise<string>
  readonly contentType: string
}

export function runtimeMetrics(): RuntimeMetrics {
  const registry = new Registry()
  const outcomes = new Counter({
    name: 'edgefund_step_outcomes_total',
    help: 'Attempts by step and outcome',
    labelNames: ['step', 'outcome'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'edgefund_step_seconds',
    help: 'Time from claim to answer',
    labelNames: ['step'],
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300],
    registers: [registry],
  })
  const inFlight = new Gauge({
    name: 'edgefund_steps_in_flight',
    help: 'Attempts under way in this process',
    labelNames: ['step'],
    registers: [registry],
  })
  return {
    observe(step, outcome, duration) {
      outcomes.inc({ step, outcome })
      seconds.observe({ step }, duration)
    },
    inFlight,
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
