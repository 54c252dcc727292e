import { describe, expect, it } from 'vitest'
import { bytes, duration } from '../../../infra/local/cli/human.ts'
import { progressLine, remainingSeconds } from '../../../infra/local/cli/progress.ts'
import { textTable } from '../../../infra/local/cli/text-table.ts'
import type { Progress } from '../../../infra/local/operations/runs.ts'

function at(done: number, troubles: Progress['troubles'] = []): Progress {
  const steps = [{ step: 'ingestion-store-bars', done, waiting: 0, running: 1, dead: 0 }]
  return { run: 'ingestion:x', state: 'running', done, total: 40, steps, troubles }
}

/** A screen that remembers, and a clock to turn by hand. */
function screen(columns: number | undefined) {
  const texts: string[] = []
  const time = { now: 0 }
  const line = progressLine({ io: { stderr: (text) => texts.push(text) }, columns, now: () => time.now })
  return { texts, time, line }
}

describe('progress on a terminal', () => {
  it('is one line, redrawn, with a bar, percent, steps and the time left', () => {
    const { texts, time, line } = screen(120)
    line.show(at(0))
    time.now = 2_000
    line.show(at(10))
    expect(texts).toHaveLength(2)
    expect(texts[1]).toBe('\r\x1b[2K██████░░░░░░░░░░░░░░░░░░ ingestion:x 25 %, 10 of 40 steps (store-bars), 6.0 s left')
    line.end()
    expect(texts[2]).toBe('\r\x1b[2K')
  })

  it('never breaks the line, and is not redrawn faster than eyes see', () => {
    const { texts, time, line } = screen(30)
    line.show(at(1))
    time.now = 50
    line.show(at(2))
    expect(texts).toHaveLength(1)
    expect(texts[0].replace('\r\x1b[2K', '')).toHaveLength(29)
  })
})

describe('progress in a file', () => {
  it('is a line every few seconds at most', () => {
    const { texts, time, line } = screen(undefined)
    for (; time.now <= 12_000; time.now += 100) line.show(at(Math.floor(time.now / 1_000)))
    expect(texts).toEqual([
      'ingestion:x 12 %, 5 of 40 steps (store-bars), 35.0 s left\n',
      'ingestion:x 25 %, 10 of 40 steps (store-bars), 30.0 s left\n',
    ])
  })

  it('says once what fails and is tried again', () => {
    const { texts, line } = screen(undefined)
    const trouble = { step: 'ingestion-fetch-bars', reason: 'The provider is away', attempt: 2, againInMs: 4_000 }
    line.show(at(1, [trouble]))
    line.show(at(1, [{ ...trouble, attempt: 3 }]))
    expect(texts).toEqual(['ingestion-fetch-bars: The provider is away (attempt 2, again in 4.0 s)\n'])
  })
})

describe('the time left', () => {
  it('is not guessed before anything is known', () => {
    expect(remainingSeconds([], 10_000, { done: 0, total: 5 })).toBeUndefined()
    expect(remainingSeconds([{ at: 0, done: 3 }], 10_000, { done: 3, total: 5 })).toBeUndefined()
    expect(remainingSeconds([{ at: 0, done: 0 }], 500, { done: 3, total: 5 })).toBeUndefined()
  })

  it('follows the rate of the last moments', () => {
    expect(remainingSeconds([{ at: 0, done: 0 }], 10_000, { done: 20, total: 30 })).toBeCloseTo(5)
  })
})

describe('numbers for people', () => {
  it.each([
    [0.0042, '0.00 s'],
    [12.34, '12.3 s'],
    [125, '2 m 5 s'],
    [4_200, '1 h 10 m'],
  ])('%d s is %s', (seconds, text) => expect(duration(seconds)).toBe(text))

  it.each([
    [999, '999 B'],
    [1_500, '1.5 kB'],
    [83_000_000_000, '83 GB'],
  ])('%d bytes is %s', (count, text) => expect(bytes(count)).toBe(text))
})

describe('a table for people', () => {
  it('has numbers to the right and nothing for what is missing', () => {
    const rows = [
      ['a', 1, null, '0.5 s'],
      ['long name', 1_000, 'x', '12.0 s'],
    ]
    expect(textTable(['name', 'count', 'note', 'time'], rows)).toBe(
      [
        'name       count  note    time', //
        'a              1         0.5 s',
        'long name   1000  x     12.0 s',
        '',
      ].join('\n'),
    )
  })
})
