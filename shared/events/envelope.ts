/** A CloudEvents 1.0 event with the extensions of the chain. */
export interface Envelope {
  readonly specversion: '1.0'
  readonly id: string
  readonly source: string
  readonly type: string
  readonly time: string
  readonly datacontenttype: 'application/json'
  readonly data: unknown
  readonly runid?: string
  readonly causationid?: string
  readonly traceparent?: string
  readonly join?: string
  readonly part?: string
  readonly partitionkey?: string
}
