import type { StepDatabase } from '../ports/database.ts'

/**
 * Keeps the world outside the step's transaction: a guarded port refuses while one is open, because nothing may wait for a network or a
 * disk with locks held, and refuses after the step's end, because a late attempt may write nothing.
 */
export function guardPort<Port extends object>(
  port: Port,
  name: string,
  database: Pick<StepDatabase, 'scopeState'>,
): Port {
  return new Proxy(port, {
    get(target, property, receiver) {
      const member = Reflect.get(target, property, receiver)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        const state = database.scopeState()
        if (state === 'writing') {
          throw new Error(
            `${name}.${String(property)} was used inside the step's transaction; read and write objects first, or make two steps`,
          )
        }
        if (state === 'ended') throw new Error(`${name}.${String(property)} was used after its step had ended`)
        return Reflect.apply(member, target, args)
      }
    },
  })
}
