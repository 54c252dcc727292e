import { describe, expect, it } from 'vitest'
import { readTokens } from '../../../../shared/domain/sentiment/reading.ts'
import { tokenise } from '../../../../shared/domain/sentiment/tokenise.ts'

const read = (text: string) => readTokens(tokenise(text))
/** What is told, in order: + good, - bad. */
const told = (text: string) =>
  read(text)
    .tidings.map(({ sign }) => (sign > 0 ? '+' : '-'))
    .join('')

describe('reading by the lexicon', () => {
  it.each([
    ['Profit rose', '+'],
    ['Costs fell', '+'],
    ['Costs rose', '-'],
    ['Profit fell', '-'],
    ['A rise in unemployment', '-'],
    ['The company cut costs', '+'],
    ['The company cut its dividend', '-'],
    ['Higher profit', '+'],
    ['Higher raw material prices', '-'],
    ['Loss narrows', '+'],
    ['Losses widen', '-'],
    ['Shares not weak', '+'],
    ['The company does not expect demand to recover', '-'],
    ['Index +2%', '+'],
    ['Index -2%', '-'],
    ['A net loss', '-'],
    ['Lays off 20', '-'],
    ['Profit warning', '-'],
    ['The meeting is on Monday', ''],
    ['Shares drop after strong results', '-+'],
    ['The contract covers maintenance', '+'],
    ['Its stake in the company rose', ''],
    ['The share capital was increased', ''],
    ['It has over 300 people', ''],
    ['The loss after taxes decreased', '+'],
    ['He is in charge of operations', ''],
  ])('finds "%s" to be %s', (text, expected) => expect(told(text)).toBe(expected))

  it.each([
    ['Sales were EUR 12 mn (EUR 14 mn)', '-'],
    ['Sales were EUR 14 mn, compared with EUR 12 mn', '+'],
    ['EPS of $0.33 vs $0.30', '+'],
    ['Costs of EUR 3 mn against EUR 2 mn', '-'],
    ['Sales of EUR 900,000 against EUR 1 mn', '-'],
    ['Sales were 12 against 14%', ''],
    ['Sales went from EUR 2 mn to EUR 3 mn', '+'],
    ['Sales of EUR 2 mn, as in EUR 3 mn', ''],
    ['Sales were EUR 12 mn (EUR 12 mn)', ''],
    ['Sales were EUR 12 mn (14)', '-'],
    ['Sales were EUR 1.2 bn (0.9)', '+'],
    ['Sales were EUR 12 mn (2014)', ''],
    ['A result of EUR 2 mn (loss of EUR 3 mn)', '++'],
    ['Open from 3 April to 30 April', ''],
    ['Sizes range from 400 to 1,000 metres', ''],
    ['The contract is worth EUR 12 mn ($ 14 mn)', '+'],
    ['Sales were EUR 12 mn ($ 14 mn), against EUR 13 mn ($ 15 mn)', '-'],
    ['Sales were EUR 12 mn, against USD 14 mn', ''],
  ])('compares the figures of "%s": %s', (text, expected) => expect(told(text)).toBe(expected))

  it('takes a former loss for good news', () => {
    expect(told('A profit of EUR 2 mn compared to a loss of EUR 3 mn')).toBe('++')
    expect(told('A loss of EUR 2 mn compared to a profit of EUR 3 mn')).not.toContain('+')
  })

  it('does not judge figures again that words have judged', () => {
    expect(told('The ratio improved to 91% from 97%')).toBe('+')
  })

  it('halves what is background or turned round', () => {
    expect(read('Shares rise despite scandal').tidings.map(({ weight }) => weight)).toEqual([1, 0.25])
  })

  it('marks words that mean the opposite of themselves', () => {
    expect([...read('Costs fell').turned]).toEqual([[1, 1]])
    expect([...read('Profit fell').turned]).toEqual([])
  })

  it('does not look for what moves beyond the clause', () => {
    expect(told('Costs: shares rise')).toBe('+')
  })

  it('sees questions, hedges and routine', () => {
    expect(read('Could profit rise?')).toMatchObject({ asks: true, hedged: true })
    expect(read('Annual general meeting').routine).toBe(1)
  })
})
