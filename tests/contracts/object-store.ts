import { describe, expect, it } from 'vitest'
import { InputError } from '../../shared/ports/errors.ts'
import type { ObjectInfo, ObjectStore } from '../../shared/ports/object-store.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (body: Uint8Array | undefined) => body && new TextDecoder().decode(body)

async function collect(list: AsyncIterable<ObjectInfo>): Promise<ObjectInfo[]> {
  const found: ObjectInfo[] = []
  for await (const info of list) found.push(info)
  return found
}

async function* from(pieces: readonly Uint8Array[]) {
  yield* pieces
}

const keysOf = async (list: AsyncIterable<ObjectInfo>) => (await collect(list)).map((info) => info.key)

/** What every object store keeps to. `open` answers an empty store each time. */
export function objectStoreContract(name: string, open: () => Promise<ObjectStore>): void {
  describe(`${name} as an object store`, () => {
    it('gives back what was put, with its etag and size', async () => {
      const store = await open()
      const etag = await store.put('a/b.txt', bytes('hello'))

      expect(etag).toBeTypeOf('string')
      expect(await store.get('a/b.txt')).toEqual({ body: bytes('hello'), etag })
      expect(await store.head('a/b.txt')).toEqual({ key: 'a/b.txt', bytes: 5, etag })
    })

    it('knows nothing of a missing object', async () => {
      const store = await open()
      await store.put('a/b', bytes('x'))

      for (const key of ['missing', 'a', 'a/b/c', 'a/c']) {
        expect(await store.get(key), key).toBeUndefined()
        expect(await store.head(key), key).toBeUndefined()
        expect(await store.getRange(key, 0, 1), key).toBeUndefined()
      }
    })

    it('replaces without a condition, and the etag changes with the content', async () => {
      const store = await open()
      const first = await store.put('k', bytes('one'))
      const second = await store.put('k', bytes('two'))

      expect(second).not.toBe(first)
      expect(text((await store.get('k'))?.body)).toBe('two')
    })

    it('tells apart contents of the same size written at once, a hundred times over', async () => {
      const store = await open()
      const etags = new Set<string | undefined>()
      for (let n = 0; n < 100; n++) etags.add(await store.put('k', bytes(String(n).padStart(4, '0'))))

      expect(etags.size).toBe(100)
    })

    it('keeps an empty object', async () => {
      const store = await open()
      await store.put('empty', new Uint8Array(0))

      expect((await store.get('empty'))?.body).toEqual(new Uint8Array(0))
      expect((await store.head('empty'))?.bytes).toBe(0)
      expect(await store.getRange('empty', 0, 10)).toEqual(new Uint8Array(0))
      expect(await store.put('empty', bytes('x'), { ifAbsent: true })).toBeUndefined()
    })

    it('keeps 5 MB unchanged', async () => {
      const store = await open()
      const body = Uint8Array.from({ length: 5_000_000 }, (_, at) => (at * 7919) % 251)
      await store.put('big', body)

      expect(Buffer.compare((await store.get('big'))!.body, body)).toBe(0)
      expect(await store.getRange('big', 4_999_990, 5_000_000)).toEqual(body.slice(-10))
    })

    it('keeps the bytes of the put, whatever happens to the buffers', async () => {
      const store = await open()
      const body = bytes('fixed')
      await store.put('k', body)
      body.fill(0)
      const read = await store.get('k')
      read?.body.fill(0)

      expect(text((await store.get('k'))?.body)).toBe('fixed')
    })

    it('keeps a part of a larger buffer as that part', async () => {
      const store = await open()
      await store.put('k', bytes('0123456789').subarray(3, 6))

      expect(text((await store.get('k'))?.body)).toBe('345')
    })

    describe('ranges', () => {
      it('answers start inclusive to end exclusive, less at the end, nothing behind it', async () => {
        const store = await open()
        await store.put('k', bytes('0123456789'))
        const range = async (start: number, end: number) => text(await store.getRange('k', start, end))

        expect(await range(0, 1)).toBe('0')
        expect(await range(3, 6)).toBe('345')
        expect(await range(8, 100)).toBe('89')
        expect(await range(0, 10)).toBe('0123456789')
        expect(await range(4, 4)).toBe('')
        expect(await range(10, 20)).toBe('')
        expect(await range(50, 60)).toBe('')
      })

      it.each([
        [-1, 2],
        [3, 2],
        [0.5, 2],
        [0, Number.NaN],
      ])('refuses %d to %d', async (start, end) => {
        const store = await open()
        await store.put('k', bytes('0123456789'))

        await expect(store.getRange('k', start, end)).rejects.toThrow(InputError)
      })
    })

    describe('streams', () => {
      const MEGABYTE = 1_048_576
      const pattern = Uint8Array.from({ length: MEGABYTE + 251 }, (_, at) => (at * 31) % 251)
      const piece = (n: number) => pattern.slice(n, n + MEGABYTE)
      async function* pieces(count: number, end?: () => void) {
        for (let n = 0; n < count; n++) yield piece(n)
        end?.()
      }
      const read = async (store: ObjectStore, key: string) => {
        const found = await store.getStream(key)
        if (!found) return undefined
        const parts: Uint8Array[] = []
        for await (const part of found.body) parts.push(part)
        return { ...found, body: Buffer.concat(parts) }
      }

      it('give back what was put, with its etag and size', async () => {
        const store = await open()
        const put = await store.put('a/b', bytes('hello'))
        expect(await read(store, 'a/b')).toEqual({ body: Buffer.from('hello'), bytes: 5, etag: put })

        const etag = await store.putStream('a/c', pieces(2))
        const whole = Buffer.concat([piece(0), piece(1)])
        const streamed = (await read(store, 'a/c'))!
        expect(Buffer.compare(streamed.body, whole)).toBe(0)
        expect([streamed.bytes, streamed.etag]).toEqual([whole.length, etag])
        expect(await store.head('a/c')).toEqual({ key: 'a/c', bytes: whole.length, etag })
        expect(Buffer.compare((await store.get('a/c'))!.body, whole)).toBe(0)
      })

      it('know nothing of a missing object', async () => {
        const store = await open()
        await store.put('a/b', bytes('x'))

        for (const key of ['missing', 'a', 'a/b/c']) expect(await store.getStream(key), key).toBeUndefined()
      })

      it('may be empty, with and without empty pieces', async () => {
        const store = await open()
        for (const source of [[], [new Uint8Array(0), new Uint8Array(0)]]) {
          await store.putStream('k', from(source))
          expect((await read(store, 'k'))?.body).toEqual(Buffer.alloc(0))
          expect((await store.head('k'))?.bytes).toBe(0)
        }
      })

      it('keep 21 MB in order and unchanged, written conditionally and in ranges thereafter', async () => {
        const store = await open()
        const etag = await store.putStream('big', pieces(21))
        const whole = Buffer.concat(Array.from({ length: 21 }, (_, n) => piece(n)))

        expect(Buffer.compare((await read(store, 'big'))!.body, whole)).toBe(0)
        const [from, to] = [8 * MEGABYTE - 5, 8 * MEGABYTE + 5]
        expect(await store.getRange('big', from, to)).toEqual(new Uint8Array(whole.subarray(from, to)))
        expect(await collect(store.list(''))).toEqual([{ key: 'big', bytes: whole.length, etag }])
        expect(await store.put('big', bytes('x'), { ifAbsent: true })).toBeUndefined()
        expect(await store.put('big', bytes('x'), { ifMatch: etag })).toBeDefined()
      })

      it('take each piece before they ask for the next, so that a source may use one buffer over and over', async () => {
        const store = await open()
        const buffer = new Uint8Array(300_000)
        async function* source() {
          for (let n = 1; n <= 50; n++) yield buffer.fill(n)
          buffer.fill(0)
        }
        await store.putStream('k', source())

        const body = (await read(store, 'k'))!.body
        const seen = Array.from({ length: 50 }, (_, n) => body.subarray(n * 300_000, (n + 1) * 300_000))
        expect(seen.map((part) => new Set(part))).toEqual(Array.from({ length: 50 }, (_, n) => new Set([n + 1])))
      })

      it("give pieces that are the reader's to keep and to change", async () => {
        const store = await open()
        await store.putStream('k', pieces(3))
        for await (const part of (await store.getStream('k'))!.body) part.fill(0)

        expect(Buffer.compare((await read(store, 'k'))!.body, Buffer.concat([piece(0), piece(1), piece(2)]))).toBe(0)
      })

      it('replace the object when they end and not before', async () => {
        const store = await open()
        await store.put('k', bytes('before'))
        async function* source() {
          for (let n = 0; n < 12; n++) yield piece(n)
          expect(text((await store.get('k'))?.body)).toBe('before')
        }
        await store.putStream('k', source())

        expect((await store.head('k'))?.bytes).toBe(12 * MEGABYTE)
      })

      it.each([0, 1, 13])('leave the object as it was when their source throws after %d MB', async (count) => {
        const store = await open()
        const broken = () =>
          pieces(count, () => {
            // As a source does that reads a file which is gone: it is the source's failure, not the store's.
            throw Object.assign(new Error('the source broke'), { code: 'ENOENT', syscall: 'open' })
          })
        await expect(store.putStream('k', broken())).rejects.toThrow(/^the source broke$/)
        expect(await store.head('k')).toBeUndefined()

        const etag = await store.put('k', bytes('before'))
        await expect(store.putStream('k', broken())).rejects.toThrow(/^the source broke$/)
        expect(await collect(store.list(''))).toEqual([{ key: 'k', bytes: 6, etag }])
      })

      it('of one version, though the object is replaced or deleted while it is read', async () => {
        const store = await open()
        const etag = await store.putStream('k', pieces(6))
        const found = (await store.getStream('k'))!
        const parts: Uint8Array[] = []
        for await (const part of found.body) {
          if (parts.length === 0) await store.put('k', bytes('replaced'))
          if (parts.length === 1) await store.delete('k')
          parts.push(part)
        }

        expect(found.etag).toBe(etag)
        expect(Buffer.compare(Buffer.concat(parts), Buffer.concat(Array.from({ length: 6 }, (_, n) => piece(n))))).toBe(
          0,
        )
      })

      it('may be left half-way, a hundred at a time, and hold nothing', async () => {
        const store = await open()
        await store.putStream('k', pieces(3))
        const leave = async () => {
          for await (const part of (await store.getStream('k'))!.body) return part.length
        }
        expect((await Promise.all(Array.from({ length: 100 }, leave))).every((length) => length)).toBe(true)

        expect((await read(store, 'k'))?.bytes).toBe(3 * MEGABYTE)
      })

      it('write whole objects when ten write one key at once', async () => {
        const store = await open()
        async function* of(n: number) {
          for (let count = 0; count < 3; count++) yield new Uint8Array(100_000).fill(n)
        }
        await Promise.all(Array.from({ length: 10 }, (_, n) => store.putStream('k', of(n))))

        const body = (await read(store, 'k'))!.body
        expect(body.length).toBe(300_000)
        expect(new Set(body).size).toBe(1)
      })
    })

    describe('conditions', () => {
      it('ifAbsent writes once and then never', async () => {
        const store = await open()
        const first = await store.put('k', bytes('first'), { ifAbsent: true })

        expect(first).toBeDefined()
        expect(await store.put('k', bytes('second'), { ifAbsent: true })).toBeUndefined()
        expect(await store.get('k')).toEqual({ body: bytes('first'), etag: first })
      })

      it('ifAbsent writes again after a delete', async () => {
        const store = await open()
        await store.put('k', bytes('first'), { ifAbsent: true })
        await store.delete('k')

        expect(await store.put('k', bytes('second'), { ifAbsent: true })).toBeDefined()
      })

      it('ifMatch writes over the named version only', async () => {
        const store = await open()
        const one = (await store.put('k', bytes('one')))!
        const two = (await store.put('k', bytes('two'), { ifMatch: one }))!

        expect(two).toBeDefined()
        expect(await store.put('k', bytes('three'), { ifMatch: one })).toBeUndefined()
        expect(await store.get('k')).toEqual({ body: bytes('two'), etag: two })
      })

      it('ifMatch writes nothing where nothing is', async () => {
        const store = await open()
        const gone = (await store.put('k', bytes('one')))!
        await store.delete('k')

        expect(await store.put('k', bytes('two'), { ifMatch: gone })).toBeUndefined()
        expect(await store.get('k')).toBeUndefined()
      })

      it('lets one of twenty simultaneous ifAbsent writers win, and keeps its bytes', async () => {
        const store = await open()
        for (let round = 0; round < 10; round++) {
          const key = `race/${round}`
          const answers = await Promise.all(
            Array.from({ length: 20 }, (_, n) => store.put(key, bytes(`writer ${n}`), { ifAbsent: true })),
          )
          const winners = answers.flatMap((etag, n) => (etag ? [n] : []))

          expect(winners).toHaveLength(1)
          expect(await store.get(key)).toEqual({ body: bytes(`writer ${winners[0]}`), etag: answers[winners[0]] })
        }
      })

      it('lets one of twenty simultaneous ifMatch writers win, and keeps its bytes', async () => {
        const store = await open()
        let current = (await store.put('k', bytes('start')))!
        for (let round = 0; round < 5; round++) {
          const answers = await Promise.all(
            Array.from({ length: 20 }, (_, n) => store.put('k', bytes(`${round} ${n}`), { ifMatch: current })),
          )
          const winners = answers.flatMap((etag, n) => (etag ? [n] : []))

          expect(winners).toHaveLength(1)
          current = answers[winners[0]]!
          expect(await store.get('k')).toEqual({ body: bytes(`${round} ${winners[0]}`), etag: current })
        }
      })

      it('loses no increment of ten writers that read, add one and write if unchanged', async () => {
        const store = await open()
        await store.put('counter', bytes('0'))
        const increment = async (): Promise<void> => {
          const { body, etag } = (await store.get('counter'))!
          const next = bytes(String(Number(text(body)) + 1))
          if (!(await store.put('counter', next, { ifMatch: etag }))) return increment()
        }
        await Promise.all(Array.from({ length: 10 }, increment))

        expect(text((await store.get('counter'))?.body)).toBe('10')
      })
    })

    describe('delete', () => {
      it('removes the object and leaves its neighbours', async () => {
        const store = await open()
        await store.put('a/b', bytes('1'))
        await store.put('a/c', bytes('2'))
        await store.delete('a/b')

        expect(await store.get('a/b')).toBeUndefined()
        expect(await keysOf(store.list(''))).toEqual(['a/c'])
      })

      it('is done already when there is no such object', async () => {
        const store = await open()

        await expect(store.delete('never/was')).resolves.toBeUndefined()
      })

      it('leaves room for an object where a folder was, and the other way round', async () => {
        const store = await open()
        await store.put('a/b/c', bytes('1'))
        await store.delete('a/b/c')
        await store.put('a', bytes('2'))
        await store.delete('a')
        await store.put('a/b', bytes('3'), { ifAbsent: true })

        expect(await keysOf(store.list(''))).toEqual(['a/b'])
      })
    })

    describe('list', () => {
      it('is empty for an empty store and for a prefix nothing has', async () => {
        const store = await open()
        expect(await collect(store.list(''))).toEqual([])
        await store.put('a/b', bytes('x'))
        for (const prefix of ['b', 'a/b/', 'a/bc', 'A', '/', '../', './', 'a//']) {
          expect(await keysOf(store.list(prefix)), prefix).toEqual([])
        }
      })

      it('answers in the order of UTF-16 code units, across folders', async () => {
        const store = await open()
        const keys = [
          'a',
          'a.b',
          'a-b',
          'A/z',
          'ab',
          'b/a/1',
          'b/a.1',
          'b/a-1',
          'b/a0',
          'c=1/x',
          'c/x',
          'c^/x',
          'é',
          'z',
          '\u{1F600}',
          '\uFF5E',
        ]
        for (const key of keys) await store.put(key, bytes(key))

        expect(await keysOf(store.list(''))).toEqual([...keys].sort())
      })

      it('takes the prefix as text, not as a folder', async () => {
        const store = await open()
        const keys = [
          'year=2025/m',
          'year=2026/month=01/a',
          'year=2026/month=10/a',
          'year=2026/month=11/a',
          'year=20261/a',
        ]
        for (const key of keys) await store.put(key, bytes('x'))

        expect(await keysOf(store.list('year=2026'))).toEqual(keys.slice(1).sort())
        expect(await keysOf(store.list('year=2026/'))).toEqual(keys.slice(1, 4))
        expect(await keysOf(store.list('year=2026/month=1'))).toEqual(keys.slice(2, 4))
        expect(await keysOf(store.list('year=2026/month=10/a'))).toEqual(keys.slice(2, 3))
      })

      it('answers sizes and the etags that get answers', async () => {
        const store = await open()
        await store.put('x/1', bytes('one'))
        await store.put('x/2', bytes('second'))

        const expected = await Promise.all(
          ['x/1', 'x/2'].map(async (key) => {
            const { body, etag } = (await store.get(key))!
            return { key, bytes: body.length, etag }
          }),
        )
        expect(await collect(store.list('x/'))).toEqual(expected)
      })

      it('goes on past a page of a thousand, each once', async () => {
        const store = await open()
        const keys = Array.from({ length: 1_050 }, (_, n) => `page/${String(n % 7)}/${n}`).sort()
        for (let at = 0; at < keys.length; at += 50) {
          await Promise.all(keys.slice(at, at + 50).map((key) => store.put(key, bytes(key))))
        }

        expect(await keysOf(store.list('page/'))).toEqual(keys)
      })

      it('may be left half-way', async () => {
        const store = await open()
        for (const key of ['a', 'b', 'c']) await store.put(key, bytes(key))
        for await (const { key } of store.list('')) {
          expect(key).toBe('a')
          break
        }
        expect(await keysOf(store.list(''))).toEqual(['a', 'b', 'c'])
      })
    })

    describe('keys', () => {
      it.each([
        '^GSPC',
        'a=b/c^d',
        'with space',
        '%41',
        'a+b&c?d#e',
        '..a',
        'a..',
        '...',
        'quote\'"',
        'ümläut/日本語',
        '\u{1F600}/\u{1F601}',
        'x'.repeat(255),
      ])('keeps %j', async (key) => {
        const store = await open()
        await store.put(key, bytes(key))

        expect(text((await store.get(key))?.body)).toBe(key)
        expect(await keysOf(store.list(''))).toEqual([key])
      })

      it.each([
        '',
        '/',
        '/a',
        'a/',
        'a//b',
        '.',
        '..',
        '../a',
        'a/../b',
        'a/./b',
        'a\\b',
        'a\0b',
        'a\nb',
        '\ud800',
        '.tmp/a',
        'x'.repeat(256),
        'é'.repeat(128),
        `${'a/'.repeat(600)}a`,
      ])('refuses %j', async (key) => {
        const store = await open()

        await expect(store.put(key, bytes('x'))).rejects.toThrow(InputError)
        await expect(store.get(key)).rejects.toThrow(InputError)
        await expect(store.head(key)).rejects.toThrow(InputError)
        await expect(store.getRange(key, 0, 1)).rejects.toThrow(InputError)
        await expect(store.delete(key)).rejects.toThrow(InputError)
        await expect(store.getStream(key)).rejects.toThrow(InputError)
        await expect(store.putStream(key, from([]))).rejects.toThrow(InputError)
      })
    })
  })
}
