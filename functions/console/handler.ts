import { service } from '../../shared/runtime/service.ts'
import { alerts } from './alerts.ts'
import { deadLetters, replay } from './dead-letters.ts'
import { asset, refusal, root, rootAgain, SIGN_IN, signIn, signInForm, signOut } from './entrance.ts'
import { explain } from './explain.ts'
import { orderReport, orderReportFile, orders } from './orders.ts'
import { overview } from './overview.ts'
import { dailyReport, portfolio, portfolioSeries } from './portfolio.ts'
import { USES } from './ports.ts'
import { quality } from './quality.ts'
import { run, runs } from './runs.ts'
import { signal, signalSeries, signals } from './signals.ts'

/** The system and the fund as HTML pages, for people. It reads what the rooms have written and writes nothing of its own. */
export default service({
  name: 'console',
  uses: USES,
  resources: { cpu: '500m', memory: '192Mi' },
  signIn: SIGN_IN,
  refusal,
  routes: [
    root,
    rootAgain,
    asset,
    signInForm,
    signIn,
    signOut,
    overview,
    runs,
    run,
    portfolio,
    portfolioSeries,
    dailyReport,
    orders,
    orderReport,
    orderReportFile,
    explain,
    signals,
    signal,
    signalSeries,
    quality,
    deadLetters,
    replay,
    alerts,
  ],
})
