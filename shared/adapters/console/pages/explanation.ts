import type { Cost } from '../../../domain/costs/cost.ts'
import { COMPONENTS } from '../../../domain/signals/signal.ts'
import { FACTORS } from '../../../domain/universe/ranked-stock.ts'
import type { ExplanationView, Frame } from '../../../ports/console-pages.ts'
import { badge } from '../../html/badge.ts'
import { type Content, type Html, html } from '../../html/html.ts'
import { keyFigures } from '../../html/key-figures.ts'
import { count, money, percent, plain, quantityText, signed } from '../../html/numbers.ts'
import { section } from '../../html/section.ts'
import { table } from '../../html/table.ts'
import { toned } from '../../html/toned.ts'
import { verdictText } from '../../reports/trade-words.ts'
import type { Assets } from '../assets.ts'
import { drawPage, to } from '../frame.ts'
import { componentTables, contributionChart } from '../signal-parts.ts'
import { bandBadge, CURRENCY, factorName, moment, runLink, sideText, symbolLink } from '../words.ts'

/** Why a trade was proposed or not: back from the order to the bytes its prices were read from. */
export function explanationPage(assets: Assets, frame: Frame, view: ExplanationView): string {
  const { trade, rebalance, signal, components } = view
  return drawPage(assets, frame, {
    title: `Why ${trade.id}`,
    lead: html`${trade.verdict === 'order' ? badge('order', 'good') : badge(verdictText(trade.verdict), 'warning')} ${trade.explanation}`,
    body: [
      keyFigures([
        { label: 'Name', value: symbolLink(frame, trade.symbol), note: trade.sector },
        { label: 'Side', value: sideText(trade), note: `for ${trade.session}` },
        {
          label: 'Quantity',
          value: quantityText(trade.quantity),
          note: `wanted ${quantityText(trade.wantedQuantity)}`,
        },
        { label: 'Price', value: plain(trade.price), note: `close of ${rebalance.asOf}` },
        { label: 'Value', value: money(trade.notional, CURRENCY) },
      ]),
      section({ title: 'What became of it', body: execution(view) }),
      section({ title: 'Weight', body: weightWords(view) }),
      section({ title: 'Alpha and costs', body: arithmetic(view) }),
      section({
        title: 'Signal',
        lead: html`By ${runLink(frame, rebalance.signals)}.`,
        body: signal
          ? [
              html`<p>${bandBadge(signal.band)} score ${plain(signal.score, 1)}, z-score ${signed(signal.zScore)}, rank ${signal.rank}, quintile ${signal.quintile}.</p>`,
              contributionChart(signal),
              componentTables(COMPONENTS, components),
            ]
          : html`<p class="empty">The stock had no signal.</p>`,
      }),
      section({ title: 'Ranking', body: ranking(frame, view) }),
      section({ title: 'Prices', body: prices(frame, view) }),
      section({ title: 'Decided', body: decided(frame, view) }),
    ],
  })
}

function execution({ execution: done }: ExplanationView): Html {
  if (!done) return html`<p>No broker was given it.</p>`
  return html`<p>Given to the broker “${done.broker}”: ${done.state}.</p>${table({
    caption: 'Fills',
    columns: [
      { header: 'Session', rowHeader: true, cell: (fill) => fill.session },
      { header: 'Quantity', align: 'right', cell: (fill) => quantityText(fill.quantity) },
      { header: 'Price', align: 'right', cell: (fill) => plain(fill.price, 4) },
      { header: 'Before half-spread and impact', align: 'right', cell: (fill) => plain(fill.referencePrice, 4) },
      { header: 'Fee', align: 'right', cell: (fill) => money(fill.fee, CURRENCY) },
    ],
    rows: done.fills,
    empty: 'Nothing was filled.',
  })}`
}

function weightWords({ trade, target }: ExplanationView): Html {
  const [low, high] = trade.band
  const caps = target && target.uncapped !== target.weight && html`, ${percent(target.uncapped, 2)} before caps`
  return html`<p>Held ${percent(trade.currentWeight, 2)}, target ${percent(trade.targetWeight, 2)}${caps}; no trade between ${percent(low, 2)} and ${percent(high, 2)}.</p>
${target && html`<p class="note">${target.note}</p>`}`
}

function arithmetic({ trade: { alpha, costs }, facts }: ExplanationView): Content {
  const lines: readonly (readonly [string, Cost])[] = [
    ['Commission', costs.commission],
    ['Exchange and regulatory fees', costs.exchangeFee],
    ['Half of the spread', costs.halfSpread],
    ['Lasting impact', costs.permanentImpact],
    ['Passing impact', costs.temporaryImpact],
  ]
  return [
    html`<p>Holding the name is expected to bring ${toned(signed(alpha.expectedBps, 1))} bps over 21 sessions, by the ${alpha.source}; in favour of this trade ${toned(signed(alpha.grossBps, 1))}, less ${plain(alpha.costInBps, 1)} on the way in and the likely share of ${plain(alpha.costOutBps, 1)} on the way out: ${toned(signed(alpha.netBps, 1))} bps.</p>`,
    table<(typeof lines)[number]>({
      caption: 'Costs',
      columns: [
        { header: 'Line', rowHeader: true, cell: ([name]) => name },
        { header: 'Amount', align: 'right', cell: ([, cost]) => money(cost.amount, CURRENCY) },
        { header: 'Bps', align: 'right', cell: ([, cost]) => plain(cost.bps) },
      ],
      rows: lines,
      totals: ['Total', money(costs.total.amount, CURRENCY), plain(costs.total.bps)],
      empty: '',
    }),
    facts &&
      html`<p class="note">The cost model knew a median of ${money(facts.market.medianDollarVolume, CURRENCY, 0)} and ${count(facts.market.adv)} shares traded a day, and daily returns that deviate by ${percent(facts.market.sigmaDaily, 2)}.</p>`,
    costs.missing.length > 0 && html`<p class="note">Not known, so left out: ${costs.missing.join(', ')}.</p>`,
  ]
}

function ranking(frame: Frame, { ranking: found }: ExplanationView): Html {
  if (!found) return html`<p class="empty">The stock is not in the ranking.</p>`
  const { run, of, stock } = found
  return html`<p>Rank ${stock.rank} of ${of}, score ${signed(stock.score)}, by ${runLink(frame, run)}.</p>${table({
    caption: 'Factors',
    columns: [
      { header: 'Factor', rowHeader: true, cell: factorName },
      { header: 'Value', align: 'right', cell: (factor) => plain(stock.values[factor], 4) },
      { header: 'z-score', align: 'right', cell: (factor) => toned(signed(stock.zScores[factor])) },
    ],
    rows: FACTORS,
    empty: '',
  })}`
}

function prices(frame: Frame, { bars, origins }: ExplanationView): Content {
  return [
    table({
      caption: 'The last bars that could be seen, as traded',
      columns: [
        { header: 'Session', rowHeader: true, cell: (bar) => bar.session },
        { header: 'Close', align: 'right', cell: (bar) => plain(bar.close) },
        { header: 'Volume', align: 'right', cell: (bar) => count(bar.volume) },
      ],
      rows: bars,
      empty: 'There are no bars.',
    }),
    table({
      caption: 'What they were read from',
      columns: [
        { header: 'Run', rowHeader: true, cell: (origin) => runLink(frame, origin.run) },
        { header: 'Request', cell: (origin) => html`<code>${origin.request}</code>` },
        { header: 'SHA-256 of the reply', cell: (origin) => html`<code>${origin.sha256}</code>` },
      ],
      rows: origins,
      empty: 'No raw reply is known for these sessions.',
    }),
  ]
}

function decided(frame: Frame, { decided: run, rebalance }: ExplanationView): Html {
  const when = run
    ? html`at ${moment(run.started)} by code ${run.codeVersion} on settings <code>${run.configHash}</code>`
    : 'by a run that is not in the trail any more'
  return html`<p>${runLink(frame, rebalance.run)}, ${when}. <a href="${to(frame, 'orders', rebalance.run)}">All its trades</a>.</p>`
}
