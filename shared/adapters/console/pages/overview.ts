import type { Frame, OverviewView } from '../../../ports/console-pages.ts'
import type { RunLine } from '../../../ports/run-views.ts'
import { badge } from '../../html/badge.ts'
import { type Content, type Html, html } from '../../html/html.ts'
import { type KeyFigure, keyFigures } from '../../html/key-figures.ts'
import { count, money, percent, signedMoney, signedPercent } from '../../html/numbers.ts'
import { section } from '../../html/section.ts'
import { table } from '../../html/table.ts'
import { toned } from '../../html/toned.ts'
import type { Assets } from '../assets.ts'
import { drawPage, to, toQuery } from '../frame.ts'
import { CURRENCY, counted, date, moment, runLink, stateBadge, took, words } from '../words.ts'
import { alertsTable } from './alerts.ts'

/** What a person looks at in the morning: the fund, what is wrong, what ran last. */
export function overviewPage(assets: Assets, frame: Frame, view: OverviewView): string {
  return drawPage(assets, frame, {
    title: 'Overview',
    lead: troubleLine(frame, view),
    body: [
      keyFigures(figuresOf(frame, view)),
      view.alerts.length > 0 && section({ title: 'Open alerts', body: alertsTable(view.alerts) }),
      section({ title: 'Last run of each workflow', body: lastRuns(frame, view.runs) }),
    ],
  })
}

function troubleLine(frame: Frame, { deadLetters, alerts, quality, due, runs }: OverviewView): Html {
  const failed = runs.filter(({ state }) => state === 'failed').length
  const marks: Content[] = [
    failed > 0 && badge(counted(failed, 'failed workflow'), 'bad'),
    deadLetters > 0 &&
      html`<a href="${to(frame, 'dead-letters')}">${badge(counted(deadLetters, 'dead letter'), 'bad')}</a>`,
    alerts.length > 0 &&
      html`<a href="${to(frame, 'alerts')}">${badge(counted(alerts.length, 'open alert'), 'warning')}</a>`,
    quality && quality.to < due && badge(`data ends ${quality.to}, ${due} is due`, 'warning'),
    quality === undefined && badge('no data yet', 'warning'),
  ].filter(Boolean)
  if (marks.length === 0) return badge('nothing wants attention', 'good')
  return html`${marks.map((mark) => html`${mark} `)}`
}

function figuresOf(frame: Frame, { snapshot, report, signals, quality, due }: OverviewView): KeyFigure[] {
  const none = 'Not marked yet'
  return [
    {
      label: 'Value',
      value: snapshot ? money(snapshot.value, CURRENCY, 0) : none,
      note: snapshot && html`at the close of ${date(snapshot.session)}`,
    },
    {
      label: 'Last session',
      value: snapshot ? toned(signedMoney(snapshot.profit, CURRENCY, 0)) : none,
      note: snapshot?.return !== undefined && toned(signedPercent(snapshot.return, 2)),
    },
    {
      label: 'Cash',
      value: snapshot ? money(snapshot.cash, CURRENCY, 0) : none,
      note: snapshot && `${snapshot.positions} positions`,
    },
    {
      label: 'Last rebalance',
      value: report ? html`<a href="${to(frame, 'orders', report.run)}">${report.session}</a>` : 'None yet',
      note: report && `${report.orders} orders, turnover ${percent(report.turnover)}`,
    },
    {
      label: 'Signals',
      value: signals ? html`<a href="${to(frame, 'signals')}">${signals.asOf}</a>` : 'None yet',
      note: signals && 'as of that close',
    },
    {
      label: 'Data through',
      value: quality ? html`<a href="${to(frame, 'quality')}">${quality.to}</a>` : 'None yet',
      note:
        quality &&
        html`${quality.verdict}, ${count(quality.good)} of ${count(quality.expected)} bars; due ${date(due)}`,
    },
  ]
}

function lastRuns(frame: Frame, runs: readonly RunLine[]): Html {
  return table<RunLine>({
    caption: 'Workflows',
    columns: [
      {
        header: 'Workflow',
        rowHeader: true,
        cell: ({ workflow }) => html`<a href="${toQuery(frame, 'runs', { workflow })}">${workflow}</a>`,
      },
      { header: 'Run', cell: ({ run }) => runLink(frame, run) },
      { header: 'State', cell: ({ state }) => stateBadge(state) },
      { header: 'Started', cell: ({ started }) => moment(started) },
      { header: 'Took', align: 'right', cell: ({ seconds }) => took(seconds) },
      { header: 'Why', cell: ({ reason }) => words(reason) },
    ],
    rows: runs,
    empty: 'Nothing has run yet: "edgefund run ingestion" makes a beginning.',
  })
}
