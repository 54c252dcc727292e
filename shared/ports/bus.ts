/** What a bus must hold so that every event finds its subscriber: a stream a room, a durable consumer a subscriber. */
export interface BusTopology {
  readonly streams: readonly StreamPlan[]
  readonly consumers: readonly ConsumerPlan[]
}

export interface StreamPlan {
  readonly name: string
  /** Exact subjects, sorted. */
  readonly subjects: readonly string[]
  /** Holds ticks, which are kept for a day. */
  readonly ephemeral?: true
}

export interface ConsumerPlan {
  /** The durable name: the step that is woken. */
  readonly name: string
  readonly stream: string
  /** The one exact subject it hears. */
  readonly subject: string
}
