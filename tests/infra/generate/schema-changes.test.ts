import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { schemaChanges } from '../../../infra/generate/schema-changes.ts'

const print = (schema: z.ZodType) => z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'output' })
const told = (before: z.ZodType, after: z.ZodType) =>
  schemaChanges(print(before), print(after)).map(
    ({ path, change, compatible }) => `${compatible ? 'ok' : 'NO'} ${path} ${change}`,
  )
const base = z.object({ a: z.string(), n: z.object({ x: z.number() }), o: z.string().optional() })

describe('compatible', () => {
  const cases: [string, z.ZodType, z.ZodType, string[]][] = [
    ['nothing', base, base, []],
    ['an added optional property', base, base.extend({ b: z.string().optional() }), ['ok data.b added, optional']],
    [
      'one deep inside',
      base,
      base.extend({ n: z.object({ x: z.number(), y: z.number().optional() }) }),
      ['ok data.n.y added, optional'],
    ],
    [
      'one in an item',
      z.array(z.object({})),
      z.array(z.object({ b: z.string().optional() })),
      ['ok data[].b added, optional'],
    ],
    [
      'one in a value by any key',
      z.record(z.string(), z.object({})),
      z.record(z.string(), z.object({ b: z.string().optional() })),
      ['ok data{}.b added, optional'],
    ],
    [
      'one in an alternative',
      z.union([z.string(), z.object({})]),
      z.union([z.string(), z.object({ b: z.string().optional() })]),
      ['ok data(anyOf 2).b added, optional'],
    ],
    ['a description', base, base.describe('words'), ['ok data description reworded']],
    ['names of an enum in another order', z.enum(['a', 'b']), z.enum(['b', 'a']), []],
    [
      'properties in another order',
      z.object({ a: z.string(), b: z.string() }),
      z.object({ b: z.string(), a: z.string() }),
      [],
    ],
  ]
  it.each(cases)('%s', (_, before, after, expected) => expect(told(before, after)).toEqual(expected))

  it('required names in another order', () => {
    const schema = (required: string[]) => ({ type: 'object', properties: { a: {}, b: {} }, required })
    expect(schemaChanges(schema(['a', 'b']), schema(['b', 'a']))).toEqual([])
  })

  it('a definition that is only added', () => {
    expect(schemaChanges({}, { $defs: { a: { type: 'string' } } })).toEqual([
      { path: 'data($defs a)', change: 'added', compatible: true },
    ])
  })
})

describe('incompatible', () => {
  const cases: [string, z.ZodType, z.ZodType, string[]][] = [
    ['a removed property', base, base.omit({ a: true }), ['NO data.a removed']],
    ['a removed optional property', base, base.omit({ o: true }), ['NO data.o removed']],
    [
      'a renamed property',
      base,
      base.omit({ a: true }).extend({ b: z.string() }),
      ['NO data.a removed', 'NO data.b added, and required'],
    ],
    ['another type', base, base.extend({ a: z.number() }), ['NO data.a type "string" became "number"']],
    [
      'a wider type',
      base,
      base.extend({ a: z.string().nullable() }),
      ['NO data.a type "string" became ["string","null"]'],
    ],
    [
      'a whole number where there was any',
      z.number(),
      z.int(),
      [expect.stringMatching(/^NO data type "number" became "integer"/), expect.anything(), expect.anything()],
    ],
    ['a new required property', base, base.extend({ b: z.string() }), ['NO data.b added, and required']],
    [
      'one with a default, which is always there',
      base,
      base.extend({ b: z.string().default('x') }),
      ['NO data.b added, and required'],
    ],
    ['a property that is required now', base, base.extend({ o: z.string() }), ['NO data.o required now']],
    [
      'a property that may be absent now',
      base,
      base.extend({ a: z.string().optional() }),
      ['NO data.a not required any more'],
    ],
    ['a loosened enum', z.enum(['a']), z.enum(['a', 'b']), ['NO data enum gained "b"']],
    ['a tightened enum', z.enum(['a', 'b']), z.enum(['a']), ['NO data enum lost "b"']],
    ['another constant', z.literal('a'), z.literal('b'), ['NO data const "a" became "b"']],
    ['a new bound', z.number(), z.number().min(1), ['NO data minimum 1 added']],
    ['a moved bound', z.number().max(1), z.number().max(2), ['NO data maximum 1 became 2']],
    ['a bound taken away', z.string().max(3), z.string(), ['NO data maxLength 3 removed']],
    ['a pattern', z.string(), z.string().regex(/^a$/), ['NO data pattern "^a$" added']],
    ['a limit of items', z.array(z.string()).max(3), z.array(z.string()).max(2), ['NO data maxItems 3 became 2']],
    ['another item', z.array(z.string()), z.array(z.number()), ['NO data[] type "string" became "number"']],
    [
      'another value by any key',
      z.record(z.string(), z.string()),
      z.record(z.string(), z.number()),
      ['NO data{} type "string" became "number"'],
    ],
    [
      'another key',
      z.record(z.string(), z.string()),
      z.record(z.string().max(3), z.string()),
      ['NO data{key} maxLength 3 added'],
    ],
    ['another default', z.string().default('a'), z.string().default('b'), ['NO data default "a" became "b"']],
    [
      'one type more',
      z.union([z.string(), z.number()]),
      z.union([z.string(), z.number(), z.boolean()]),
      ['NO data type gained "boolean"'],
    ],
    [
      'one alternative more',
      z.union([z.object({}), z.string()]),
      z.union([z.object({}), z.string(), z.number()]),
      [expect.stringMatching(/^NO data anyOf /)],
    ],
    [
      'a tuple with another place',
      z.tuple([z.string()]),
      z.tuple([z.number()]),
      ['NO data(prefixItems 1) type "string" became "number"'],
    ],
  ]
  it.each(cases)('%s', (_, before, after, expected) => expect(told(before, after)).toEqual(expected))

  it.each([
    ['what may be absent beside the known', { additionalProperties: false }, { additionalProperties: {} }],
    ['a keyword that nobody here knows', { if: {} }, { if: { required: ['a'] } }],
    ['what is ruled out', { not: { properties: { a: {} } } }, { not: { properties: { a: {}, b: {} } } }],
    ['the dialect', { $schema: 'a' }, { $schema: 'b' }],
    ['the subject', { $id: 'a.b.c' }, { $id: 'a.b.d' }],
    ['no schema at all', { type: 'string' }, true],
    ['a definition', { $defs: { a: { type: 'string' } } }, { $defs: { a: { type: 'number' } } }],
    ['a definition that is gone', { $defs: { a: {} } }, {}],
  ])('%s', (_, before, after) => {
    const changes = schemaChanges(before, after)
    expect(changes).toHaveLength(1)
    expect(changes[0].compatible).toBe(false)
  })

  it('tells all of it, not only the first', () => {
    expect(told(base, z.object({ o: z.string() }))).toEqual([
      'NO data.a removed',
      'NO data.n removed',
      'NO data.o required now',
    ])
  })
})
