import type { Frame, OrdersView } from '../../../ports/console-pages.ts'
import type { OrderReport } from '../../../ports/rebalance-store.ts'
import { html } from '../../html/html.ts'
import { money, percent } from '../../html/numbers.ts'
import { table } from '../../html/table.ts'
import type { Assets } from '../assets.ts'
import { drawPage, to } from '../frame.ts'
import { CURRENCY } from '../words.ts'

/** The rebalances, newest first. */
export function ordersPage(assets: Assets, frame: Frame, { reports }: OrdersView): string {
  return drawPage(assets, frame, {
    title: 'Orders',
    lead: 'What each rebalance proposed. Nothing here was sent to anybody but the broker that the settings name.',
    body: table<OrderReport>({
      caption: 'Order reports',
      columns: [
        {
          header: 'Session',
          rowHeader: true,
          cell: ({ session, run }) => html`<a href="${to(frame, 'orders', run)}">${session}</a>`,
        },
        { header: 'Orders', align: 'right', cell: ({ orders }) => orders },
        { header: 'Not made', align: 'right', cell: ({ suppressed }) => suppressed },
        { header: 'Buys', align: 'right', cell: ({ buys }) => money(buys, CURRENCY, 0) },
        { header: 'Sells', align: 'right', cell: ({ sells }) => money(sells, CURRENCY, 0) },
        { header: 'Costs', align: 'right', cell: ({ costs }) => money(costs, CURRENCY) },
        { header: 'Turnover', align: 'right', cell: ({ turnover }) => percent(turnover) },
        { header: 'Value', align: 'right', cell: ({ value }) => money(value, CURRENCY, 0) },
      ],
      rows: reports,
      empty: 'There was no rebalance yet: "edgefund run portfolio" decides one.',
    }),
  })
}
