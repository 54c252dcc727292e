/** Keeps a consumer still while the world between bridge and function is not right: longer each time, until it answers again. */
export interface Hold {
  /** Begins or prolongs a hold. One that is under way already is not made longer. Answers how long it lasts. */
  begin(reason: string): number
  /** A function has answered: the next hold is short again. */
  lift(): void
  remainingMs(): number
  reason(): string | undefined
}

export interface HoldOptions {
  readonly firstMs: number
  readonly mostMs: number
  readonly now?: () => number
  readonly random?: () => number
}

export const DEFAULT_HOLD: HoldOptions = { firstMs: 1_000, mostMs: 60_000 }

export function startHold({
  firstMs,
  mostMs,
  now = performance.now.bind(performance),
  random = Math.random,
}: HoldOptions): Hold {
  let holds = 0
  let until = 0
  let why: string | undefined
  const remainingMs = () => Math.max(0, until - now())
  return {
    begin(reason) {
      why = reason
      if (remainingMs() > 0) return remainingMs()
      const full = Math.min(mostMs, firstMs * 2 ** holds)
      holds = Math.min(holds + 1, 30)
      until = now() + full * (0.75 + 0.25 * random())
      return remainingMs()
    },
    lift() {
      holds = 0
      until = 0
      why = undefined
    },
    remainingMs,
    reason: () => (remainingMs() > 0 ? why : undefined),
  }
}
