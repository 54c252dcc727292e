import { describe, expect, it } from 'vitest'
import { steps } from '../../../functions/index.ts'
import { outlineOf } from '../../../shared/runtime/outline.ts'
import { createRegistry } from '../../../shared/runtime/registry.ts'
import { batchSource, topologyOf } from '../../../shared/runtime/topology.ts'
import { hearAlarm, sumStep } from './batch-toys.ts'

describe('the topology', () => {
  it('is the same of steps and of their outlines, as they travel', () => {
    const shipped = JSON.parse(JSON.stringify([...steps, sumStep(), hearAlarm].map((step) => outlineOf(step as never))))
    const own = createRegistry<never>([...steps, sumStep(), hearAlarm] as never)
    expect(topologyOf({ outlines: shipped })).toEqual(topologyOf(own))
  })

  it('keeps ephemeral events in a stream of their own, without consumers', () => {
    const outlines = [sumStep(), hearAlarm].map((step) => outlineOf(step as never))
    expect(topologyOf({ outlines })).toEqual({
      streams: [
        { name: 'edgefund-pipeline', subjects: ['pipeline.run.ended'] },
        { name: 'edgefund-toys', subjects: ['toys.alarm.raised'] },
        { name: 'edgefund-toys-ephemeral', subjects: ['toys.tick.seen', 'toys.tick.summed'], ephemeral: true },
      ],
      consumers: [
        { name: 'toys-hear', stream: 'edgefund-toys', subject: 'toys.alarm.raised' },
        { name: 'edgefund-run-ended', stream: 'edgefund-pipeline', subject: 'pipeline.run.ended' },
      ],
    })
    expect(batchSource({ subject: 'toys.tick.seen' })).toEqual({
      stream: 'edgefund-toys-ephemeral',
      subject: 'toys.tick.seen',
    })
  })
})
