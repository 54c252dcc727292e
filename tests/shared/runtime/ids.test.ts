import { describe, expect, it } from 'vitest'
import { eventId } from '../../../shared/runtime/ids.ts'

describe("an event's id", () => {
  const ids = Array.from({ length: 2_000 }, (_, i) =>
    eventId('ingestion:2024-01-05', 'ingestion-fetch-bars', 'c', 's', i),
  )

  it('is a word that can be typed after a command: none is taken for a flag', () => {
    for (const id of ids) expect(id).toMatch(/^\w[\w-]{21}$/)
  })

  it('is the same for the same thing, and another for another', () => {
    expect(eventId('ingestion:2024-01-05', 'ingestion-fetch-bars', 'c', 's', 7)).toBe(ids[7])
    expect(new Set(ids).size).toBe(ids.length)
  })
})
