import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { inParallel } from '../../../../shared/adapters/http/in-parallel.ts'
import { politeFetch, UnreachableError } from '../../../../shared/adapters/http/polite-fetch.ts'
import { rateLimit } from '../../../../shared/adapters/http/rate-limit.ts'
import { isWorthRetrying, retryAfterMs } from '../../../../shared/adapters/http/retry-class.ts'

let close = () => {}
afterEach(() => close())

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  close = () => {
    server.close()
    server.closeAllConnections()
  }
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

function fakeTime() {
  let at = 1_000_000
  const slept: number[] = []
  const sleep = async (ms: number) => {
    slept.push(ms)
    at += ms
  }
  return { slept, now: () => at, sleep }
}

describe('politeFetch', () => {
  it('answers with a reply read to its end', async () => {
    const url = await serve((_, response) => response.writeHead(404, { 'x-word': 'no' }).end('nothing here'))
    const reply = await politeFetch()(url)
    expect(reply.status).toBe(404)
    expect(reply.headers.get('x-word')).toBe('no')
    expect(Buffer.from(reply.body).toString()).toBe('nothing here')
  })

  it('tries again after a timeout and a broken connection, with full jitter', async () => {
    let asked = 0
    const url = await serve((_, response) => {
      asked++
      if (asked === 1) return // never answers
      if (asked === 2) response.destroy()
      else response.end('ok')
    })
    const time = fakeTime()
    const reply = await politeFetch({ ...time, random: () => 0.25, timeoutMs: 100 })(url)
    expect(Buffer.from(reply.body).toString()).toBe('ok')
    expect(time.slept).toEqual([500, 1000])
  })

  it('says who could not be reached and why, without the address', async () => {
    const url = await serve(() => {})
    close()
    const time = fakeTime()
    const failing = politeFetch({ ...time, random: () => 1 })(`${url}secret?crumb=secret`)
    await expect(failing).rejects.toThrow(UnreachableError)
    await expect(failing).rejects.toThrow(/^127\.0\.0\.1:\d+ failed 4 times: connect ECONNREFUSED/)
    await expect(failing).rejects.not.toThrow('secret')
    expect(time.slept).toEqual([2000, 4000, 8000])
  })

  it('does not wait for somebody who wants ten minutes', async () => {
    const url = await serve((_, response) => response.writeHead(503, { 'retry-after': '600' }).end())
    const time = fakeTime()
    await expect(politeFetch({ ...time })(url)).rejects.toThrow('wants to be left alone for 600 s: it answered 503')
    expect(time.slept).toEqual([])
  })

  it('holds back the other requests while a Retry-After runs', async () => {
    let asked = 0
    const url = await serve((_, response) => {
      if (asked++ === 0) response.writeHead(429, { 'retry-after': '30' }).end()
      else response.end()
    })
    const time = fakeTime()
    const start = time.now()
    const polite = politeFetch({ ...time, requestsPerSecond: 1000 })
    await polite(url)
    expect(time.now() - start).toBeGreaterThanOrEqual(30_000)
  })

  it('stops at once when the caller gives up', async () => {
    const url = await serve(() => {})
    const time = fakeTime()
    const failing = politeFetch({ ...time })(url, { signal: AbortSignal.timeout(50) })
    await expect(failing).rejects.toThrow(/timeout/)
    expect(time.slept).toEqual([])
  })
})

describe('isWorthRetrying', () => {
  it('retries what may pass and nothing else', () => {
    expect([408, 425, 429, 500, 502, 503, 504, 520].filter(isWorthRetrying)).toHaveLength(8)
    expect([200, 301, 400, 401, 403, 404, 409, 422, 501].filter(isWorthRetrying)).toEqual([])
  })
})

describe('retryAfterMs', () => {
  const now = Date.parse('2024-07-17T12:00:00Z')
  it.each([
    ['7', 7000],
    ['Wed, 17 Jul 2024 12:00:30 GMT', 30_000],
    ['Wed, 17 Jul 2024 11:00:00 GMT', 0],
    ['soon', undefined],
  ])('reads %j', (said, ms) => {
    expect(retryAfterMs(new Headers({ 'retry-after': said }), now)).toBe(ms)
  })
})

describe('rateLimit', () => {
  it('spaces turns evenly and obeys a pause', async () => {
    const time = fakeTime()
    const limit = rateLimit({ perSecond: 2, ...time })
    const start = time.now()
    for (let n = 0; n < 3; n++) await limit.turn()
    expect(time.now() - start).toBe(1000)
    limit.pause(5000)
    await limit.turn()
    expect(time.now() - start).toBe(6000)
  })
})

describe('inParallel', () => {
  it('keeps the order of the items and never runs more at once than allowed', async () => {
    let running = 0
    let most = 0
    const doubled = await inParallel([5, 1, 4, 2, 3], 2, async (n) => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, n))
      running--
      return n * 2
    })
    expect(doubled).toEqual([10, 2, 8, 4, 6])
    expect(most).toBe(2)
  })

  it('begins nothing after an error', async () => {
    const begun: number[] = []
    const failing = inParallel([1, 2, 3, 4], 1, async (n) => {
      begun.push(n)
      if (n === 2) throw new Error('two')
    })
    await expect(failing).rejects.toThrow('two')
    expect(begun).toEqual([1, 2])
  })
})
