import { describe, expect, it } from 'vitest'
import { openedLate } from '../../../../shared/adapters/sentiment/opened-late.ts'
import { wordClassifier } from '../../../functions/signals/made-reader.ts'

describe('a classifier that is opened late', () => {
  it('is opened by the first question, once, and knows then who it is', async () => {
    let opened = 0
    const late = openedLate('made', async () => {
      opened++
      return wordClassifier()
    })
    expect([opened, late.provenance]).toEqual([0, { backend: 'made', model: '', sha256: '', calibrated: false }])
    const answers = await Promise.all([late.classify(['good']), late.classify(['bad'])])
    expect(answers.flat()).toMatchObject([{ positive: 1 }, { negative: 1 }])
    expect([opened, late.provenance.model]).toEqual([1, 'two words'])
  })

  it('is tried again after it could not be opened', async () => {
    let tries = 0
    const late = openedLate('made', async () => {
      if (tries++ === 0) throw new Error('not yet')
      return wordClassifier()
    })
    await expect(late.classify(['good'])).rejects.toThrow('not yet')
    expect(await late.classify(['good'])).toMatchObject([{ positive: 1 }])
  })
})
