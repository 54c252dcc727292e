import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LONGEST_TEXT, tokenise } from '../../../../shared/domain/sentiment/tokenise.ts'

const anyText = fc.array(fc.nat(0xffff), { maxLength: 300 }).map((units) => String.fromCharCode(...units))

const texts = (text: string) => tokenise(text).map((token) => token.text)

describe('tokens', () => {
  it.each([
    ['Profit ROSE', ['profit', 'rose']],
    ["Apple's profit isn't up, it can't be", ['apple', 'profit', 'is', 'not', 'up', ',', 'it', 'ca', 'not', 'be']],
    ['M&M and S&amp;P', ['m&m', 'and', 's&p']],
    ['U.S. growth', ['us', 'growth']],
    ['cost-cutting', ['cost', 'cutting']],
    ['Q1 net, FY19', ['<quarter>', 'net', ',', '<period>']],
    ['$DELL - Dell (NYSE: DELL) @dell', ['<name>', 'dell', '<name>', '<name>']],
    ['see https://example.com/a?b up', ['see', 'up']],
    ['Why? … Because!', ['why', '?', '…', 'because', '!']],
    ['wait...', ['wait', '…']],
    ['Café “Éclair”', ['cafe', '"', 'eclair', '"']],
    ['the 52-week low of 2019', ['the', '<number>', 'week', 'low', 'of', '<year>']],
    ['its 3rd', ['its', '<ordinal>']],
    ['', []],
    ['\u2014 \t\n', []],
  ])('of "%s"', (text, expected) => expect(texts(text)).toEqual(expected))

  it.each([
    ['EUR 21.4 mn', '<money>', 'money', 21.4e6],
    ['€21.4m', '<money>', 'money', 21.4e6],
    ['Rs 1,204.5 crore', '<money>', 'money', 1204.5e7],
    ['Rs 1.5 lakh crore', '<money>', 'money', 1.5e12],
    ['$0.30', '<money>', 'money', 0.3],
    ['C$5', '<money>', 'money', 5],
    ['3 million euros', '<money>', 'money', 3e6],
    ['45 paise', '<money>', 'money', 45],
    ['32%', '<percent>', 'percent', 32],
    ['32 per cent', '<percent>', 'percent', 32],
    ['4.8 pc', '<percent>', 'percent', 4.8],
    ['-2.5%', '<-percent>', 'percent', -2.5],
    ['\u22122.5%', '<-percent>', 'percent', -2.5],
    ['+2.5%', '<+percent>', 'percent', 2.5],
    ['25 bps', '<points>', 'basisPoints', 25],
    ['25 basis points', '<points>', 'basisPoints', 25],
    ['2 billion', '<number>', 'count', 2e9],
    ['1,200', '<number>', 'count', 1200],
    ['2019', '<year>', 'year', 2019],
  ])('reads "%s" as a quantity', (text, name, unit, value) => {
    expect(tokenise(text)).toEqual([expect.objectContaining({ kind: 'quantity', text: name, unit })])
    expect(tokenise(text)[0].value).toBeCloseTo(value, 6)
  })

  it.each([
    ['EUR 21.4 mn', 'eur', 1e6],
    ['€21.4', 'eur', undefined],
    ['EUR21.4m', 'eur', 1e6],
    ['$3', 'usd', undefined],
    ['US$ 3 bn', 'usd', 1e9],
    ['3 million dollars', 'usd', 1e6],
    ['A$3', 'a$', undefined],
    ['Rs98.4 crore', 'inr', 1e7],
    ['3 lakh rupees', 'inr', 1e5],
    ['LVL 3', 'lvl', undefined],
    ['45 cents', undefined, undefined],
  ])('knows currency and scale of "%s"', (text, currency, scale) => {
    expect(tokenise(text)).toEqual([expect.objectContaining({ text: '<money>', currency, scale })])
  })

  it.each([
    ['EUR -3.1 mn', '<-money>', -3.1e6],
    ['-$3', '<-money>', -3],
  ])('sees the sign of "%s"', (text, name, value) => {
    expect(tokenise(text)).toEqual([expect.objectContaining({ text: name, value: expect.closeTo(value, 6) })])
  })

  it.each([
    ['from 1 May 2007 to 31 May 2009', ['from', '<date>', 'may', '<year>', 'to', '<date>', 'may', '<year>']],
    ['on March 20th', ['on', 'march', '<date>']],
    ['as of 24.3.2020', ['as', 'of', '<date>']],
    ['in 1.1.-31.3.2020', ['in', '<date>', '<date>']],
    ['at 9:30 a.m. on 2020-03-24', ['at', '<date>', 'on', '<date>']],
    ['EPS rose to 3.5. Sales', ['eps', 'rose', 'to', '<number>', '.', 'sales']],
    ['it may 5% cut', ['it', 'may', '<percent>', 'cut']],
    ['March 45', ['march', '<number>']],
  ])('tells dates from figures in "%s"', (text, expected) => expect(texts(text)).toEqual(expected))

  it.each([
    ["Example 's profit was n't EUR13 .1 mn", "Example's profit wasn't EUR13.1 mn"],
    ['1 ,200 people ( NYSE : KO )', '1,200 people (NYSE: KO)'],
  ])('puts "%s" together, which was taken apart', (text, whole) => expect(tokenise(text)).toEqual(tokenise(whole)))

  it('takes a dash between figures for a range, not a sign', () => {
    expect(texts('10-15%')).toEqual(['<number>', '<percent>'])
  })

  it('does not take the start of a word for a scale or a unit', () => {
    expect(texts('5 banks')).toEqual(['<number>', 'banks'])
    expect(texts('3 points')).toEqual(['<number>', 'points'])
  })

  it('are the same for other cases, quotes and spaces', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9 .,%?']{0,60}$/), (text) => {
        expect(texts(text.toUpperCase())).toEqual(texts(text))
        expect(texts(text.replaceAll("'", '\u2019').replaceAll(' ', '\u00a0'))).toEqual(texts(text))
      }),
    )
  })

  it('do not depend on what stands beyond the longest text', () => {
    const long = 'up '.repeat(LONGEST_TEXT)
    expect(tokenise(`${long} fraud`)).toEqual(tokenise(long))
    expect(tokenise(long).length).toBeLessThanOrEqual(LONGEST_TEXT)
  })

  it('are found in any text, with finite values', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const { text: name, value } of tokenise(text)) {
          expect(name).not.toBe('')
          if (value !== undefined) expect(Number.isFinite(value)).toBe(true)
        }
      }),
    )
  })

  it('takes no longer than its length allows', () => {
    const started = performance.now()
    for (const hostile of ['9,'.repeat(500), '('.repeat(1000), 'a.'.repeat(500), '$'.repeat(1000), '1'.repeat(1000)])
      tokenise(hostile)
    expect(performance.now() - started).toBeLessThan(500)
  })
})
