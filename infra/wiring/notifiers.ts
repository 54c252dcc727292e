import { logNotifier } from '../../shared/adapters/notify/log.ts'
import type { Notifier } from '../../shared/ports/notifier.ts'
import { guardPort } from '../../shared/runtime/guard.ts'
import type { WiringParts } from './parts.ts'

/** The log always; a webhook and e-mail where they are configured, each guarded and loaded only then. */
export async function notifiers({ alerts, log, database }: WiringParts): Promise<readonly Notifier[]> {
  const told = [logNotifier(log)]
  if (alerts.webhook) {
    const { webhookNotifier } = await import('../../shared/adapters/notify/webhook.ts')
    told.push(guardPort(webhookNotifier(alerts.webhook), 'notifiers.webhook', database))
  }
  if (alerts.mail) {
    const { smtpNotifier } = await import('../../shared/adapters/notify/smtp.ts')
    const { smtpUrl, from, to } = alerts.mail
    told.push(guardPort(smtpNotifier({ url: smtpUrl, from, to }), 'notifiers.mail', database))
  }
  return told
}
