import { expect, it } from 'vitest'
import { goDurationMs } from '../../../infra/function/go-duration.ts'

it.each([
  ['5s', 5_000],
  ['1m30s', 90_000],
  ['500ms', 500],
  ['1.5s', 1_500],
  ['2h', 7_200_000],
  ['5', 5_000],
  ['0', 0],
  ['', undefined],
  ['soon', undefined],
  ['5 s', undefined],
  [undefined, undefined],
])('%s is %s ms', (text, ms) => expect(goDurationMs(text)).toBe(ms))
