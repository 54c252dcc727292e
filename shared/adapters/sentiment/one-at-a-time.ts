import { UnavailableError } from '../../ports/errors.ts'

/**
 * Runs one piece of work after another, in the order they were asked for. No more than `waiting` may wait; who comes then is refused.
 * @throws UnavailableError when too many wait already.
 */
export function oneAtATime(
  waiting = Number.POSITIVE_INFINITY,
): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let inside = 0
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    if (inside > waiting) return Promise.reject(new UnavailableError(`It is busy, and ${waiting} wait already`))
    inside++
    const done = last.then(work).finally(() => {
      inside--
    })
    last = done.catch(() => undefined)
    return done
  }
}
