import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../../../shared/domain/market/session.ts'
import { distinctHeadlines } from '../../../../../shared/domain/signals/sentiment/distinct-headlines.ts'
import { titleTokens } from '../../../../../shared/domain/signals/sentiment/title-tokens.ts'
import { HOUR_MS, headline } from './made-headlines.ts'

describe('the words of a headline', () => {
  const words = 'ford recalls 100000 cars over brakes'.split(' ')

  it.each([
    ['Ford recalls 100,000 cars over brakes', ''],
    ['FORD RECALLS 100,000 CARS, over “brakes”!', ''],
    ['Ford recalls 100,000 cars over brakes - Reuters', ''],
    ['UPDATE 2-Ford recalls 100,000 cars over brakes | CNBC', ''],
    ['Ford recalls 100,000 cars over brakes (Reuters)', ''],
    ['Ford recalls 100,000 cars over brakes – carnews.example.com', ''],
    ['Ford recalls 100,000 cars over brakes — The Village Gazette', 'The Village Gazette'],
    ['Ｆｏｒｄ  recalls 100,000 cars over\nbrakes', ''],
  ])('are the same in %j', (title, publisher) => expect(titleTokens(title, publisher)).toEqual(words))

  it('keep what stands behind a dash and is no source', () => {
    expect(titleTokens('Ford earnings - beats estimates')).toEqual(['ford', 'earnings', 'beats', 'estimates'])
    expect(titleTokens('Ford (F)')).toEqual(['ford', 'f'])
    expect(titleTokens("Ford's U.S. sales up 1.5% (-2% in 2024)")).toEqual([
      "ford's",
      'u.s',
      'sales',
      'up',
      '1.5',
      '2',
      'in',
      '2024',
    ])
  })
})

describe('distinct headlines', () => {
  const story = 'Ford recalls trucks over faulty brakes after two crashes in Texas'

  it('are kept as first published, with how many copies followed', () => {
    const articles = [
      headline('c', `${story} - Reuters`, HOUR_MS),
      headline('a', story, 3 * HOUR_MS),
      headline('b', story.toUpperCase(), 2 * HOUR_MS),
      headline('d', 'Ford opens a plant', HOUR_MS),
    ]
    expect(distinctHeadlines(articles)).toEqual([
      { article: articles[1], copies: 2 },
      { article: articles[3], copies: 0 },
    ])
  })

  it('take a near-copy within 48 hours for the same story, and later for another', () => {
    const near = `${story} today` // 11 of 12 words are shared
    const first = headline('a', story, 5 * DAY_MS)
    expect(distinctHeadlines([first, headline('b', near, 3 * DAY_MS)])).toHaveLength(1)
    expect(distinctHeadlines([first, headline('b', near, 3 * DAY_MS - 1)])).toHaveLength(2)
  })

  it('take the copy of a near-copy for the same story, however late', () => {
    const near = `${story} today`
    const copies = [headline('b', near, 4 * DAY_MS), headline('c', near, DAY_MS)]
    expect(distinctHeadlines([headline('a', story, 5 * DAY_MS), ...copies])).toMatchObject([{ copies: 2 }])
  })

  it('begin to be one at a Jaccard index of 0.8', () => {
    const four = headline('a', 'one two three four', HOUR_MS)
    expect(distinctHeadlines([four, headline('b', 'one two three four five', 0)])).toHaveLength(1)
    const seven = 'one two three four five six seven' // 7 of 9 words are shared
    expect(distinctHeadlines([headline('a', `${seven} up`, HOUR_MS), headline('b', `${seven} down`, 0)])).toHaveLength(
      2,
    )
  })

  it('are never one when their numbers differ', () => {
    const quarter = (n: number) =>
      headline(`q${n}`, `Ford reports higher profit and lower costs for quarter ${n} of the year`, n)
    expect(distinctHeadlines([quarter(1), quarter(2)])).toHaveLength(2)
  })

  it('take one id for one article, and leave out what has no word', () => {
    expect(distinctHeadlines([headline('a', story, 2), headline('a', 'Ford corrects its statement', 1)])).toHaveLength(
      1,
    )
    expect(distinctHeadlines([headline('a', ' — ', 0)])).toEqual([])
  })
})
