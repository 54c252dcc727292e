/**
 * Writes the texts of sentiment-golden.json with their features; `sentiment.py golden` adds the logits of the committed model.
 * To be run when the recipe of the features or the model has changed.
 *
 *     npx tsx tests/reference/sentiment-golden.ts && python3 tests/reference/sentiment.py golden
 */
import { writeFileSync } from 'node:fs'
import { sentimentFeatures } from '../../shared/domain/sentiment/features.ts'

const TEXTS = [
  '',
  '!',
  'Profit',
  'Operating profit rose to EUR 21.4 mn from EUR 16.9 mn',
  'Operating profit fell to EUR 16.9 mn from EUR 21.4 mn',
  'Operating loss narrowed to EUR 0.4 mn from EUR 1.6 mn',
  'The group swung to a loss of $1.3 million from a profit of $2.8 million',
  'Net sales totalled EUR 75 mn (EUR 88 mn).',
  'Sales were 4% higher, compared with a rise of 2% in 2019',
  'Costs fell 5 per cent despite weak demand',
  'Fuel costs rise, margins do not',
  'Inflation eases to 3.1% from 3.4%',
  'The company will lay off 120 people at its plant in Ohio',
  'The annual general meeting will be held on 28 March',
  'Is it too late to buy shares of Example Corp. (NYSE: EXMP)?',
  '$EXMP: Example Corp beats on revenue, raises full-year guidance',
  '$EXMP $XMPL - Example downgraded to Sell; price target cut to $11 from $14',
  'Example Bank Q3 net up 45% at Rs 98.4 crore',
  'Example Motors Q1 loss widens to Rs 1,204 crore, shares tank 7%',
  'Rupee ends little changed at 74.20 against dollar',
  'Have a buy on Example Steel with a target of 285: analyst',
  'Gold slips on firm dollar; silver down 1.2%',
  'Crude oil +2.5% after OPEC cuts output',
  'Crude oil −2.5% as glut grows',
  'Fears ease as trade deal nears',
  'The product isn’t profitable and can’t be sold',
  'Not bad: Example’s results weren’t as weak as feared',
  'Dividend unchanged at 45 cents per share',
  'Dividend raised to 50 cents from 45 cents',
  'Example wins contract worth USD 45 million',
  'Example loses contract worth USD 45 million',
  'U.S. jobless claims rose by 25 basis points?? 1,200,000 claims',
  'Société d’Exemple : résultat en hausse',
  'ELECTION: MARKETS CALM',
  'S&P 500 hits record high &amp; Nasdaq follows https://example.com/a?b=c',
  '@example says H1 2021 will be “challenging”…',
  'Net debt decreased by EUR 40 mn in FY20',
  'Unemployment rate climbed to 11 %, the highest since 1999',
  'CEO steps down amid probe into accounting',
  'Board approves buyback of up to 10% of shares',
  "Example 's net profit rose to EUR13 .1 mn ( $ 17.2 mn ) from EUR8 .7 mn ( $ 11.4 mn ) .",
  'Net sales were EUR 118.2 mn (104.6) and the result EUR -3.1 mn (loss of EUR 5.2 mn)',
  'The options are exercisable from 1 May 2007 to 31.5.2009',
  'The holding of Example Funds in Example Oyj fell to 4.9 percent of the votes',
  '日経平均 20,000',
  'a',
]

const rows = TEXTS.map((text) => {
  const { ids, weights, dense } = sentimentFeatures(text)
  return { text, ids: [...ids], weights: [...weights], dense: [...dense] }
})
writeFileSync(
  new URL('sentiment-golden.json', import.meta.url),
  `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`,
)
