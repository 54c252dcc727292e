import type { SymbolQuality } from '../../../domain/ingestion/judge-window.ts'
import type { Verdict } from '../../../domain/market/quality-verdict.ts'
import { msToSession } from '../../../domain/market/session.ts'
import type { Frame, QualityView } from '../../../ports/console-pages.ts'
import type { QualityReport, QuarantinedBar } from '../../../ports/ingestion-stores.ts'
import { badge, type Standing } from '../../html/badge.ts'
import { type Html, html } from '../../html/html.ts'
import { count, plain } from '../../html/numbers.ts'
import { section } from '../../html/section.ts'
import { table } from '../../html/table.ts'
import type { Assets } from '../assets.ts'
import { drawPage, to, toQuery } from '../frame.ts'
import { date, runLink, symbolLink, words } from '../words.ts'

const STANDINGS: Readonly<Record<Verdict, Standing>> = { PASS: 'good', WARN: 'warning', FAIL: 'bad' }

/** How good the data is that came, and the bars that were refused. */
export function qualityPage(assets: Assets, frame: Frame, view: QualityView): string {
  const { shown } = view
  return drawPage(assets, frame, {
    title: 'Data quality',
    body: [
      reportsTable(frame, view.reports),
      shown &&
        section({
          id: 'report',
          title: `Symbols of ${shown.run}`,
          lead: html`${badge(shown.verdict, STANDINGS[shown.verdict])} ${shown.reasons.join('; ')}`,
          body: symbolsTable(frame, shown),
        }),
      section({ id: 'quarantine', title: 'Quarantine', body: [symbolForm(frame, view), quarantineTable(frame, view)] }),
    ],
  })
}

function reportsTable(frame: Frame, reports: readonly QualityReport[]): Html {
  return table<QualityReport>({
    caption: 'Reports, newest first',
    columns: [
      {
        header: 'Sessions',
        rowHeader: true,
        cell: ({ run, from, to: last }) =>
          html`<a href="${`${toQuery(frame, 'quality', { run })}#report`}">${from === last ? from : `${from} to ${last}`}</a>`,
      },
      { header: 'Verdict', cell: ({ verdict }) => badge(verdict, STANDINGS[verdict]) },
      { header: 'Score', align: 'right', cell: ({ score }) => plain(score, 4) },
      { header: 'Good', align: 'right', cell: ({ good }) => count(good) },
      { header: 'Expected', align: 'right', cell: ({ expected }) => count(expected) },
      { header: 'Stored', align: 'right', cell: ({ stored }) => count(stored) },
      { header: 'Archived', align: 'right', cell: ({ archived }) => count(archived) },
      { header: 'Bars', cell: ({ source, interval }) => `${source} ${interval}` },
      { header: 'Run', cell: ({ run }) => runLink(frame, run) },
    ],
    rows: reports,
    empty: 'Nothing was judged yet.',
  })
}

function symbolsTable(frame: Frame, { symbols }: QualityReport): Html {
  const order: readonly Verdict[] = ['FAIL', 'WARN', 'PASS']
  return table<SymbolQuality>({
    caption: 'Symbols, worst first',
    columns: [
      { header: 'Symbol', rowHeader: true, cell: ({ symbol }) => symbolLink(frame, symbol) },
      { header: 'Verdict', cell: ({ verdict }) => badge(verdict, STANDINGS[verdict]) },
      { header: 'Good', align: 'right', cell: ({ good }) => count(good) },
      { header: 'Expected', align: 'right', cell: ({ expected }) => count(expected) },
      { header: 'Quarantined', align: 'right', cell: ({ quarantined }) => count(quarantined) },
      { header: 'Warnings', align: 'right', cell: ({ warnings }) => count(warnings) },
      { header: 'Why', cell: ({ reason }) => words(reason) },
    ],
    rows: [...symbols].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict)),
    empty: 'No symbol was judged.',
  })
}

function symbolForm(frame: Frame, { symbol, shown }: QualityView): Html {
  return html`<form method="get" action="${`${to(frame, 'quality')}#quarantine`}" class="filter">
${shown && html`<input type="hidden" name="run" value="${shown.run}">`}
<label>Symbol <input name="symbol" value="${symbol ?? ''}" autocomplete="off" autocapitalize="characters" spellcheck="false"></label>
<button>Show</button>
</form>`
}

type Refused = QuarantinedBar & { readonly run: string }

function quarantineTable(frame: Frame, { quarantine, quarantineLimit }: QualityView): Html {
  const number = (of: (bar: Refused) => number) => ({ align: 'right' as const, cell: (bar: Refused) => plain(of(bar)) })
  const all = table<Refused>({
    caption: 'Bars that failed a check, as they came',
    columns: [
      { header: 'Symbol', rowHeader: true, cell: ({ symbol }) => symbol },
      { header: 'Time', cell: ({ at }) => (Number.isFinite(at) ? date(msToSession(at)) : 'none') },
      { header: 'Why', cell: ({ detail }) => words(detail) },
      { header: 'Open', ...number(({ open }) => open) },
      { header: 'High', ...number(({ high }) => high) },
      { header: 'Low', ...number(({ low }) => low) },
      { header: 'Close', ...number(({ close }) => close) },
      { header: 'Volume', align: 'right', cell: ({ volume }) => count(volume) },
      { header: 'Run', cell: ({ run }) => runLink(frame, run) },
    ],
    rows: quarantine,
    empty: 'No bar was refused.',
  })
  return html`${all}${quarantine.length === quarantineLimit && html`<p class="note">The first ${quarantineLimit}; a symbol narrows them down.</p>`}`
}
