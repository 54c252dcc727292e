import type { Route } from '../../shared/runtime/service.ts'
import type { ConsolePorts } from './ports.ts'
import { given, show } from './show.ts'

const REPORTS_SHOWN = 30
const BARS_SHOWN = 200

export const quality: Route<ConsolePorts> = {
  method: 'GET',
  path: '/quality',
  async run(request, ports) {
    const { qualityReports, quarantine } = ports
    const [run, symbol] = [given(request.query, 'run'), given(request.query, 'symbol')]
    const [reports, asked, bars] = await Promise.all([
      qualityReports.latest(REPORTS_SHOWN),
      run === undefined ? undefined : qualityReports.get(run),
      quarantine.list({ ...(run && { run }), ...(symbol && { symbol }), limit: BARS_SHOWN }),
    ])
    const view = { reports, shown: asked ?? reports[0], quarantine: bars, symbol, quarantineLimit: BARS_SHOWN }
    return show(ports, request, (pages, frame) => pages.quality(frame, view))
  },
}
