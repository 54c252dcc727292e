import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readMessage, writeMessage } from '../../../../shared/adapters/onnx/protobuf.ts'

describe('protobuf messages', () => {
  it("are the documentation's examples", () => {
    // https://protobuf.dev/programming-guides/encoding/: a = 150, b = "testing", c = a message with a = 150.
    expect([...writeMessage().integer(1, 150).finish()]).toEqual([0x08, 0x96, 0x01])
    expect([...writeMessage().text(2, 'testing').finish()]).toEqual([
      0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67,
    ])
    const nested = writeMessage().message(3, writeMessage().integer(1, 150)).finish()
    expect([...nested]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01])
  })

  it('come back as they were written', () => {
    const field = fc.integer({ min: 1, max: 2 ** 20 })
    const value = fc.oneof(fc.maxSafeNat(), fc.uint8Array())
    fc.assert(
      fc.property(fc.array(fc.tuple(field, value)), (fields) => {
        const message = writeMessage()
        for (const [number, content] of fields) {
          if (typeof content === 'number') message.integer(number, content)
          else message.bytes(number, content)
        }
        const found = [...readMessage(message.finish())]
        expect(found.map(({ field: number, value: content }) => [number, plain(content)])).toEqual(
          fields.map(([number, content]) => [number, plain(content)]),
        )
      }),
    )
  })

  it('refuse bytes that end too soon', () => {
    for (const bytes of [[0x08], [0x08, 0x96], [0x12, 0x07, 0x74], [0x0f, 0x01]]) {
      expect(() => [...readMessage(Uint8Array.from(bytes))]).toThrow(RangeError)
    }
  })

  it('refuse numbers that are not whole or below 0', () => {
    for (const value of [-1, 0.5, Number.NaN]) expect(() => writeMessage().integer(1, value)).toThrow(RangeError)
  })
})

function plain(content: number | Uint8Array): number | number[] {
  return typeof content === 'number' ? content : [...content]
}
