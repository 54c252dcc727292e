import { msToSession } from '../../shared/domain/market/session.ts'
import { json, type Route } from '../../shared/runtime/service.ts'
import { sourceOf } from '../../shared/runtime/settings.ts'
import { scoresOf } from './explain.ts'
import type { ConsolePorts } from './ports.ts'
import { recentPrice } from './recent-price.ts'
import { chartNumbers } from './series.ts'
import { absent, shortened, show } from './show.ts'

/** Five years of weekly scores. */
const SCORES_SHOWN = 260

export const signals: Route<ConsolePorts> = {
  method: 'GET',
  path: '/signals',
  async run(request, ports) {
    const { universe } = ports
    const run = await latest(ports)
    const [found, listings] = await Promise.all([run ? ports.signals.signals(run.run) : [], universe.listings()])
    const names = new Map(listings.map(({ symbol, name }) => [symbol, name]))
    return show(ports, request, (pages, frame) => pages.signals(frame, { run, signals: found, names }))
  },
}

export const signal: Route<ConsolePorts> = {
  method: 'GET',
  path: '/signals/:symbol',
  async run(request, ports) {
    const { universe, settings } = ports
    const { symbol } = request.params
    const run = await latest(ports)
    const [found, components, listings, history, price] = await Promise.all([
      run ? ports.signals.signals(run.run) : [],
      run ? scoresOf(ports, run.run, symbol) : new Map(),
      universe.listings(),
      ports.signals.history(symbol, sourceOf(settings.provider), SCORES_SHOWN),
      recentPrice(ports, symbol),
    ])
    const listing = listings.find((one) => one.symbol === symbol)
    const own = found.find((one) => one.symbol === symbol)
    const known = listing ?? own ?? settings.instruments.find((one) => one.symbol === symbol)
    if (!known && history.length === 0 && price.at.length === 0) {
      return absent(ports, request, `There is no stock "${shortened(symbol)}"`)
    }
    const { bands } = settings.mandate.signals
    const view = { symbol, listing, run, signal: own, components, history, price, bands }
    return show(ports, request, (pages, frame) => pages.signal(frame, view))
  },
}

/** The numbers behind the price chart of a stock. */
export const signalSeries: Route<ConsolePorts> = {
  method: 'GET',
  path: '/signals/:symbol/series',
  async run({ params }, ports) {
    const { at, close, short, long, low, high, windows } = await recentPrice(ports, params.symbol)
    const [shorter, longer] = windows.trendSessions
    const lines = [
      { label: 'Close', values: close },
      { label: `Average of ${shorter}`, values: short },
      { label: `Average of ${longer}`, values: long },
    ]
    return json(200, chartNumbers(params.symbol, 'number', at, lines, [{ label: 'Band', low, high }]))
  },
}

function latest({ clock, settings, signals: store }: ConsolePorts) {
  return store.latest(sourceOf(settings.provider), msToSession(clock.now()))
}
