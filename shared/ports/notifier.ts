/** A message for a person. `key` says what it is about: whoever sends on may leave out what it has sent. */
export interface Notice {
  readonly key: string
  readonly severity: 'critical' | 'warning' | 'info'
  readonly title: string
  readonly text: string
}

/** Tells people: a log, a webhook, e-mail. Throws `UnavailableError` when the other side is away. */
export interface Notifier {
  readonly name: string
  notify(notice: Notice): Promise<void>
}
