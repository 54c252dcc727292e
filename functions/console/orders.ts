import { addDays, msToSession } from '../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../shared/domain/market/trading-calendar.ts'
import type { OrderReport } from '../../shared/ports/rebalance-store.ts'
import type { Route } from '../../shared/runtime/service.ts'
import { sourceOf } from '../../shared/runtime/settings.ts'
import { writtenFile, writtenPage } from './documents.ts'
import { DAYS_AHEAD } from './overview.ts'
import type { ConsolePorts } from './ports.ts'
import { absent, shortened, show } from './show.ts'

/** An order that is not filled so many days after its session has expired. */
const DAYS_TO_FILL = 14

export const orders: Route<ConsolePorts> = {
  method: 'GET',
  path: '/orders',
  async run(request, ports) {
    const { clock, settings, rebalances } = ports
    const through = addDays(msToSession(clock.now()), DAYS_AHEAD)
    const found = await rebalances.reports(sourceOf(settings.provider), tradingCalendar('XNYS').first, through)
    return show(ports, request, (pages, frame) => pages.orders(frame, { reports: found.reverse() }))
  },
}

export const orderReport: Route<ConsolePorts> = {
  method: 'GET',
  path: '/orders/:run',
  async run(request, ports) {
    const report = await ports.rebalances.report(request.params.run)
    if (!report) return absent(ports, request, `There is no order report of "${shortened(request.params.run)}"`)
    const { session, source } = report
    const last = addDays(session, DAYS_TO_FILL)
    const [trades, fills, open] = await Promise.all([
      ports.rebalances.trades(report.run),
      ports.orders.fills(source, session, last),
      ports.orders.open(source, last),
    ])
    const view = { report, trades, fills, open: new Set(open.map(({ id }) => id)) }
    return show(ports, request, (pages, frame) => pages.orderReport(frame, view))
  },
}

type Form = keyof OrderReport['files']

/** Of the forms that are kept; the page is read here. */
const TYPES: Readonly<Record<Exclude<Form, 'html'>, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  parquet: 'application/vnd.apache.parquet',
}

/** One form of a report as it was written: to be read here, or to keep. */
export const orderReportFile: Route<ConsolePorts> = {
  method: 'GET',
  path: '/orders/:run/files/:form',
  async run(request, ports) {
    const { run, form } = request.params
    const report = await ports.rebalances.report(run)
    const found = report && isForm(form) && (await ports.objects.get(report.files[form]))
    if (!found) return absent(ports, request, `There is no ${form} form of an order report of "${shortened(run)}"`)
    if (form === 'html') return writtenPage(found.body)
    return writtenFile(found.body, TYPES[form], `orders-${report.session}.${form}`)
  },
}

function isForm(form: string): form is Form {
  return form === 'html' || Object.hasOwn(TYPES, form)
}
