import { describe, expect, it } from 'vitest'
import { nounForms, verbForms } from '../../../../shared/domain/sentiment/lexicon/inflections.ts'
import { LONGEST_PHRASE, meaningOf } from '../../../../shared/domain/sentiment/lexicon/lexicon.ts'
import { PHRASES } from '../../../../shared/domain/sentiment/lexicon/phrases.ts'
import { tokenise } from '../../../../shared/domain/sentiment/tokenise.ts'

describe('inflections', () => {
  it.each([
    ['climb', 'climb climbs climbing climbed'],
    ['raise', 'raise raises raising raised'],
    ['drop*', 'drop drops dropping dropped'],
    ['multiply', 'multiply multiplies multiplying multiplied'],
    ['delay', 'delay delays delaying delayed'],
    ['miss', 'miss misses missing missed'],
    ['free', 'free frees freeing freed'],
    ['tie', 'tie ties tying tied'],
    ['rise/rose/risen', 'rise rises rising rose risen'],
  ])('of %s', (stem, forms) => expect(verbForms(stem).join(' ')).toBe(forms))

  it('of nouns', () => expect(nounForms('loss penalty').join(' ')).toBe('loss losses penalty penalties'))
})

describe('the lexicon', () => {
  it('knows what is good when it goes up', () => {
    expect(meaningOf('profits')).toMatchObject({ measure: 1 })
    expect(meaningOf('costs')).toMatchObject({ measure: -1 })
    expect(meaningOf('net loss')).toMatchObject({ measure: -1, judgement: -1 })
    expect(meaningOf('fell')).toMatchObject({ direction: -1 })
    expect(meaningOf('rallies')).toMatchObject({ direction: 1, judgement: 1 })
    expect(meaningOf('contract')).toMatchObject({ direction: 0, judgement: 1 })
    expect(meaningOf('contracted')).toMatchObject({ direction: -1 })
    expect(meaningOf('share capital')).toMatchObject({ measure: 0, indifferent: true })
    expect(meaningOf('xylophone')).toBeUndefined()
  })

  it('has every phrase once, in words as the tokens of a text are', () => {
    const phrases = Object.values(PHRASES).flatMap((text) => text.split(/[|\n]/).map((phrase) => phrase.trim()))
    const some = phrases.filter((phrase) => phrase !== '')
    expect(some.filter((phrase, i) => some.indexOf(phrase) !== i)).toEqual([])
    for (const phrase of some) {
      const words = tokenise(phrase)
      expect([phrase, words.map(({ text }) => text).join(' ')]).toEqual([phrase, phrase])
      expect(words.length).toBeLessThanOrEqual(LONGEST_PHRASE)
    }
  })
})
