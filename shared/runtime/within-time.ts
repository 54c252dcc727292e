import type { Step } from './step.ts'

/** The step ran out of time. Its late writes are refused; what it was given is tried again. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError'
}

/** Gives a step's work its time: the signal is aborted at the end of it, and the work no longer waited for. */
export async function withinTime<T>(
  { name, timeoutMs }: Pick<Step, 'name' | 'timeoutMs'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new TimeoutError(`${name} did not finish within ${timeoutMs} ms`)
      controller.abort(error)
      reject(error)
    }, timeoutMs)
  })
  try {
    return await Promise.race([work(controller.signal), late])
  } finally {
    clearTimeout(timer)
  }
}
