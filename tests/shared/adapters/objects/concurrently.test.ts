import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { concurrently } from '../../../../shared/adapters/objects/concurrently.ts'

describe('concurrently', () => {
  it('answers in the order of the items, never more than the limit at once', async () => {
    let running = 0
    let most = 0
    const results = await concurrently([5, 1, 4, 2, 3], 2, async (ms, index) => {
      most = Math.max(most, ++running)
      await sleep(ms)
      running--
      return `${index}:${ms}`
    })

    expect(results).toEqual(['0:5', '1:1', '2:4', '3:2', '4:3'])
    expect(most).toBe(2)
  })

  it('starts nothing after a failure, and throws it when all that runs has ended', async () => {
    const started: number[] = []
    const ended: number[] = []
    const working = concurrently([0, 1, 2, 3], 2, async (item) => {
      started.push(item)
      if (item === 0) throw new Error('no')
      await sleep(5)
      ended.push(item)
    })

    await expect(working).rejects.toThrow('no')
    expect({ started, ended }).toEqual({ started: [0, 1], ended: [1] })
  })

  it('answers nothing for nothing', async () => {
    expect(await concurrently([], 8, async () => 1)).toEqual([])
  })
})
