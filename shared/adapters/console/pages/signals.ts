import { COMPONENTS, type Component, type Signal } from '../../../domain/signals/signal.ts'
import type { Frame, SignalsView } from '../../../ports/console-pages.ts'
import { html } from '../../html/html.ts'
import { plain, signed } from '../../html/numbers.ts'
import { type Column, table } from '../../html/table.ts'
import { toned } from '../../html/toned.ts'
import type { Assets } from '../assets.ts'
import { drawPage } from '../frame.ts'
import { bandBadge, runLink, symbolLink } from '../words.ts'

/** What the fund thinks of every stock, best first. */
export function signalsPage(assets: Assets, frame: Frame, { run, signals, names }: SignalsView): string {
  const present = COMPONENTS.filter((component) => signals.some((signal) => scoreOf(signal, component) !== undefined))
  const absent = COMPONENTS.filter((component) => !present.includes(component))
  return drawPage(assets, frame, {
    title: 'Signals',
    lead: run && html`As of the close of ${run.asOf}, by ${runLink(frame, run.run)}.`,
    body: [
      run && absent.length > 0 && html`<p class="note">No stock has a score of: ${absent.join(', ')}.</p>`,
      table<Signal>({
        caption: 'Best first',
        columns: [
          { header: 'Symbol', rowHeader: true, cell: ({ symbol }) => symbolLink(frame, symbol) },
          { header: 'Company', cell: ({ symbol }) => names.get(symbol) },
          { header: 'Sector', cell: ({ sector }) => sector },
          { header: 'Band', cell: ({ band }) => bandBadge(band) },
          { header: 'Score', align: 'right', cell: ({ score }) => plain(score, 1) },
          { header: 'z-score', align: 'right', cell: ({ zScore }) => toned(signed(zScore)) },
          ...present.map(componentColumn),
          { header: 'Rank', align: 'right', cell: ({ rank }) => rank },
          { header: 'Quintile', align: 'right', cell: ({ quintile }) => quintile },
          { header: 'Note', cell: ({ observed }) => observed && 'observed' },
        ],
        rows: signals,
        empty: 'There are no signals yet: "edgefund run universe" ranks the stocks and has them scored.',
      }),
    ],
  })
}

function componentColumn(component: Component): Column<Signal> {
  return { header: component, align: 'right', cell: (signal) => plain(scoreOf(signal, component), 1) }
}

function scoreOf({ contributions }: Signal, component: Component): number | undefined {
  return contributions.find((one) => one.component === component)?.score
}
