import type { Route } from '../../shared/runtime/service.ts'
import { sourceOf } from '../../shared/runtime/settings.ts'
import type { ConsolePorts } from './ports.ts'
import { show } from './show.ts'

const ALERTS_SHOWN = 200

export const alerts: Route<ConsolePorts> = {
  method: 'GET',
  path: '/alerts',
  async run(request, ports) {
    const found = await ports.monitoring.alerts(sourceOf(ports.settings.provider), { limit: ALERTS_SHOWN })
    return show(ports, request, (pages, frame) => pages.alerts(frame, { alerts: found }))
  },
}
