import type { ConsolePages } from '../../ports/console-pages.ts'
import { SERVED_POLICY } from '../html/content-policy.ts'
import { consoleAssets } from './assets.ts'
import { alertsPage } from './pages/alerts.ts'
import { deadLettersPage } from './pages/dead-letters.ts'
import { explanationPage } from './pages/explanation.ts'
import { failurePage } from './pages/failure.ts'
import { orderReportPage } from './pages/order-report.ts'
import { ordersPage } from './pages/orders.ts'
import { overviewPage } from './pages/overview.ts'
import { portfolioPage } from './pages/portfolio.ts'
import { qualityPage } from './pages/quality.ts'
import { runPage } from './pages/run.ts'
import { runsPage } from './pages/runs.ts'
import { signInPage } from './pages/sign-in.ts'
import { signalPage } from './pages/signal.ts'
import { signalsPage } from './pages/signals.ts'

/** The console's pages as HTML: reading needs no script, and nothing is asked for from elsewhere. */
export function htmlConsolePages(): ConsolePages {
  const assets = consoleAssets()
  return {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': SERVED_POLICY,
      // What a page shows is its reader's alone, also after signing out on a shared machine.
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    },
    asset: (name) => assets.get(name),
    overview: (frame, view) => overviewPage(assets, frame, view),
    runs: (frame, view) => runsPage(assets, frame, view),
    run: (frame, view) => runPage(assets, frame, view),
    portfolio: (frame, view) => portfolioPage(assets, frame, view),
    orders: (frame, view) => ordersPage(assets, frame, view),
    orderReport: (frame, view) => orderReportPage(assets, frame, view),
    explanation: (frame, view) => explanationPage(assets, frame, view),
    signals: (frame, view) => signalsPage(assets, frame, view),
    signal: (frame, view) => signalPage(assets, frame, view),
    quality: (frame, view) => qualityPage(assets, frame, view),
    deadLetters: (frame, view) => deadLettersPage(assets, frame, view),
    alerts: (frame, view) => alertsPage(assets, frame, view),
    signIn: (frame, view) => signInPage(assets, frame, view),
    failure: (frame, view) => failurePage(assets, frame, view),
  }
}
