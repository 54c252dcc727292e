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
  /** Whose `sequence` it is; the source's when absent. */
  readonly producer?: string
  /** A running number of what the producer says in this run: whoever has heard it has heard all that are lower. */
  readonly sequence?: number
}
