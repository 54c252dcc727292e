import type { Command } from 'commander'
import { headlineEvidence, readerText } from '../../../shared/domain/signals/sentiment/headline-evidence.ts'
import type { ComponentScore } from '../../../shared/domain/signals/signal.ts'
import type { EventExplained, OrderExplained } from '../operations/explain.ts'
import type { Context } from './context.ts'
import { moment } from './human.ts'
import { type Cell, printJson } from './output.ts'
import { withState } from './state.ts'
import { textTable } from './text-table.ts'

const HELP = `
An order's id stands in the order report; a trade that was considered and not made has one too. An event's id stands in "trail".

Examples:
  edgefund explain 2024-09-03-MSFT-buy
  edgefund explain 3f9a2c`

/** Adds `explain`: why an order was proposed, or not, back to the bars; or what led to an event. */
export function registerExplain(program: Command, context: Context): void {
  program
    .command('explain')
    .description(
      'Says why: of an order or of a trade that was not made, back to scores, bars and code; or of an event.',
    )
    .argument('<id>', "an order's id, or the beginning of an event's")
    .addHelpText('after', HELP)
    .action(async (id: string) => {
      const explained = await withState(context, 'explain', (operations) => operations.call('explain', { id }))
      const io = context.io()
      if (io.json) printJson(io, explained)
      else io.stdout(explained.kind === 'order' ? orderText(explained) : chainText(explained))
    })
}

export function orderText(explained: OrderExplained): string {
  const { trade, rebalance, target, report } = explained
  const simulated = rebalance.source === 'simulated' ? 'SIMULATED: nothing of it is real.\n' : ''
  const done = trade.verdict === 'order' ? 'proposed' : `not made (${trade.verdict})`
  return [
    simulated,
    `${trade.id}: ${trade.side} ${trade.quantity} ${trade.symbol} at about ${trade.price}, ${done}\n`,
    `  ${trade.explanation}\n`,
    heading('Weights'),
    textTable(
      ['', 'weight'],
      [
        ['held', percent(trade.currentWeight)],
        ['target', percent(trade.targetWeight)],
        ['before caps', target ? percent(target.uncapped) : null],
        ['no trade within', `${percent(trade.band[0])} to ${percent(trade.band[1])}`],
      ],
      '  ',
    ),
    target ? `  ${target.note}\n` : '',
    heading('Expected gain and costs, in bps of the trade'),
    textTable(['', 'bps'], costRows(trade), '  '),
    signalText(explained),
    rankingText(explained),
    barsText(explained),
    executionText(explained),
    decidedText(explained),
    report ? `  order report  ${report.files.html}\n` : '',
  ].join('')
}

function costRows({ alpha, costs, reason }: OrderExplained['trade']): Cell[][] {
  const line = (name: string, bps: number): Cell[] => [name, bps.toFixed(2)]
  return [
    [`expected over 21 sessions for holding it (from the ${alpha.source})`, alpha.expectedBps.toFixed(2)],
    line(`in favour of this trade (${reason})`, alpha.grossBps),
    line('  commission', costs.commission.bps),
    line('  exchange and regulatory fees', costs.exchangeFee.bps),
    line('  half the spread', costs.halfSpread.bps),
    line('  lasting impact', costs.permanentImpact.bps),
    line('  passing impact', costs.temporaryImpact.bps),
    line('costs now', alpha.costInBps),
    line('costs of the way back (charged by how likely it is within the horizon)', alpha.costOutBps),
    line('net', alpha.netBps),
  ]
}

function signalText({ signal, components }: OrderExplained): string {
  if (!signal) return `${heading('Signal')}  none: it was not scored\n`
  const rows = signal.contributions.map(({ component, score, weight, contribution }) => [
    component,
    score.toFixed(1),
    percent(weight),
    contribution.toFixed(1),
  ])
  const parts = Object.entries(components).flatMap(([component, scored]) =>
    scored.score === undefined
      ? []
      : scored.parts.map((part) => [
          component,
          part.name,
          typeof part.value === 'number' ? part.value.toFixed(4) : part.value,
          part.score.toFixed(1),
          percent(part.weight),
        ]),
  )
  return [
    heading('Signal'),
    `  ${signal.score.toFixed(1)} of 100, ${signal.band}, z-score ${signal.zScore.toFixed(2)}, volatility ${percent(signal.dailyVolatility)} a day\n`,
    textTable(['component', 'score', 'weight', 'adds'], rows, '  '),
    ...signal.absent.map(
      ({ component, reason }) => `  ${component}: absent, ${reason}; the other weights were scaled up\n`,
    ),
    parts.length > 0 ? `\n${textTable(['component', 'rule', 'found', 'score', 'weight'], parts, '  ')}` : '',
    headlinesText(components.sentiment),
  ].join('')
}

function headlinesText(sentiment: ComponentScore | undefined): string {
  const evidence = sentiment && headlineEvidence(sentiment)
  if (!evidence) return ''
  const { headlines, copies, top, readers } = evidence
  const rows = top.map(({ title, publisher, publishedAt, negative, neutral, positive, weight }): Cell[] => [
    moment(publishedAt),
    ...[negative, neutral, positive].map((probability) => probability.toFixed(2)),
    percent(weight),
    printable(title),
    printable(publisher),
  ])
  const columns = ['published (UTC)', 'negative', 'neutral', 'positive', 'weight', 'headline', 'publisher']
  return [
    heading(
      `Headlines: ${headlines} counted, ${copies} copies left out${top.length < headlines ? ', the weightiest' : ''}`,
    ),
    textTable(columns, rows, '  '),
    ...readers.map((reader) => `  read by ${readerText(reader)}\n`),
  ].join('')
}

/** Headlines are foreign text: what steers a terminal is no part of them. */
function printable(text: string): string {
  return text.replaceAll(/\p{C}+/gu, ' ')
}

function rankingText({ ranking }: OrderExplained): string {
  if (!ranking) return ''
  const { stock, of, run } = ranking
  const rows = Object.entries(stock.zScores).map(([factor, z]) => [
    factor,
    stock.values[factor as keyof typeof stock.values]?.toFixed(4) ?? null,
    z?.toFixed(2) ?? null,
  ])
  return [
    heading('Ranking'),
    `  ${stock.rank} of ${of}, quintile ${stock.quintile}, score ${stock.score.toFixed(3)} (${run})\n`,
    textTable(['factor', 'value', 'z-score'], rows, '  '),
  ].join('')
}

function barsText({ bars, payload }: OrderExplained): string {
  const from = payload
    ? `  from ${payload.request} (sha256 ${payload.sha256.slice(0, 16)}…), fetched by ${payload.run}\n`
    : ''
  const rows = bars.map(({ session, close, volume }) => [session, close, volume])
  return [heading('Last bars, as traded'), textTable(['session', 'close', 'volume'], rows, '  '), from].join('')
}

function executionText({ execution }: OrderExplained): string {
  if (!execution) return ''
  const rows = execution.fills.map(({ session, quantity, price, fee }) => [
    session,
    `${quantity}`,
    `${price}`,
    `${fee}`,
  ])
  return [
    heading('What became of it'),
    `  ${execution.state} by the broker "${execution.broker}"\n`,
    rows.length > 0 ? textTable(['session', 'quantity', 'price', 'fee'], rows, '  ') : '',
  ].join('')
}

function decidedText({ decided, rebalance }: OrderExplained): string {
  return [
    heading('Decided'),
    `  for ${rebalance.session} with what was known after ${rebalance.asOf}, by ${decided.run} at ${moment(decided.at)} UTC\n`,
    `  signals ${rebalance.signals}, prices of ${rebalance.source}, edgefund ${decided.codeVersion}, settings ${decided.configHash}\n`,
  ].join('')
}

function chainText({ chain }: EventExplained): string {
  const rows = chain.map(({ event, said_at, subject, step, data }) => [
    moment(said_at),
    event,
    subject,
    step,
    JSON.stringify(data),
  ])
  return `The event, and what led to it:\n\n${textTable(['said', 'event', 'subject', 'step', 'data'], rows)}`
}

function heading(text: string): string {
  return `\n${text}\n`
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(2)} %`
}
