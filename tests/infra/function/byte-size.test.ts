import { expect, it } from 'vitest'
import { byteSize } from '../../../infra/function/byte-size.ts'

it.each([
  ['2mb', 2_097_152],
  ['100kb', 102_400],
  ['1.5 MB', 1_572_864],
  ['10b', 10],
  ['4096', 4_096],
  ['0', 0],
  ['2 megabytes', undefined],
  ['-1', undefined],
  ['mb', undefined],
  ['', undefined],
])('"%s" is %s bytes', (text, bytes) => expect(byteSize(text)).toBe(bytes))
