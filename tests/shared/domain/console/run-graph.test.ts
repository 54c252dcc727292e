import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runGraph } from '../../../../shared/domain/console/run-graph.ts'

const edge = (from: string, to: string, subject = 'said') => ({ from, subject, to })

describe('the graph of a run', () => {
  it('puts what runs side by side into a row, below what woke it', () => {
    const { places, rows, columns } = runGraph(
      ['open', 'fetch', 'store', 'archive', 'check'],
      [
        edge('open', 'fetch'),
        edge('fetch', 'store'),
        edge('fetch', 'archive'),
        edge('store', 'check'),
        edge('archive', 'check'),
      ],
    )
    expect(places.map(({ step, row, column, of }) => [step, row, column, of])).toEqual([
      ['open', 0, 0, 1],
      ['fetch', 1, 0, 1],
      ['store', 2, 0, 2],
      ['archive', 2, 1, 2],
      ['check', 3, 0, 1],
    ])
    expect([rows, columns]).toEqual([4, 2])
  })

  it('draws a pair of steps once, with every word between them, and leaves out who is no step', () => {
    const { links } = runGraph(
      ['a', 'b'],
      [edge('a', 'b', 'x'), edge('a', 'b', 'y'), edge('a', 'b', 'x'), edge('pipeline', 'a')],
    )
    expect(links).toEqual([{ from: 'a', to: 'b', subjects: ['x', 'y'] }])
  })

  it('is empty without steps', () => {
    expect(runGraph([], [edge('a', 'b')])).toEqual({ places: [], links: [], rows: 0, columns: 0 })
  })

  it('places every step once, below all earlier ones that woke it, whatever wakes whom', () => {
    const steps = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 })
    const edges = fc.array(fc.tuple(fc.constantFrom(...'abcdefgh'), fc.constantFrom(...'abcdefgh')), { maxLength: 30 })
    fc.assert(
      fc.property(steps, edges, (names, pairs) => {
        const { places, rows, columns } = runGraph(
          names,
          pairs.map(([from, to]) => edge(from, to)),
        )
        const at = new Map(places.map((place) => [place.step, place]))
        expect([...at.keys()].sort()).toEqual([...names].sort())
        expect(new Set(places.map(({ row, column }) => `${row} ${column}`)).size).toBe(names.length)
        for (const { row, column, of } of places) {
          expect(row).toBeLessThan(rows)
          expect(of).toBeLessThanOrEqual(columns)
          expect(column).toBeLessThan(of)
        }
        for (const [from, to] of pairs) {
          const [above, below] = [at.get(from), at.get(to)]
          if (above && below && names.indexOf(from) < names.indexOf(to)) expect(above.row).toBeLessThan(below.row)
        }
      }),
    )
  })
})
