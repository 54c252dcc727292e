/** A number of places; who finds none waits in line. */
export interface Slots {
  readonly limit: number
  free(): number
  /** Resolves with a function that gives the place back. */
  take(): Promise<() => void>
  /** Resolves when a place may be free. */
  freed(): Promise<void>
}

export function slots(limit: number): Slots {
  let taken = 0
  const line: ((give: () => void) => void)[] = []
  let listeners: (() => void)[] = []

  const giver = () => {
    let given = false
    return () => {
      if (given) return
      given = true
      const next = line.shift()
      if (next) return next(giver())
      taken--
      const told = listeners
      listeners = []
      for (const listener of told) listener()
    }
  }
  return {
    limit,
    free: () => limit - taken,
    take() {
      if (taken < limit) {
        taken++
        return Promise.resolve(giver())
      }
      return new Promise((resolve) => line.push(resolve))
    },
    freed: () => (taken < limit ? Promise.resolve() : new Promise((resolve) => listeners.push(resolve))),
  }
}

/** Lets those who name the same key go one after the other, in the order they come. */
export function turns(): (key: string) => Promise<() => void> {
  const last = new Map<string, Promise<void>>()
  return async (key) => {
    const before = last.get(key)
    let done: () => void = () => {}
    const mine = new Promise<void>((resolve) => {
      done = resolve
    })
    last.set(key, mine)
    await before
    return () => {
      if (last.get(key) === mine) last.delete(key)
      done()
    }
  }
}
