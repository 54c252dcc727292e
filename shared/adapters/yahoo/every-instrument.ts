import type { Instrument } from '../../domain/market/instrument.ts'
import type { Missing } from '../../ports/data-provider.ts'
import { UnavailableError } from '../../ports/errors.ts'
import { inParallel } from '../http/in-parallel.ts'
import { UnreachableError } from '../http/polite-fetch.ts'
import { RefusedByYahoo } from './yahoo-client.ts'

const AT_A_TIME = 4
/** So many symbols in a row that could not be reached are an outage, not their own bad luck. */
const OUTAGE = 8

/**
 * Does the work for every instrument, four at a time. One that Yahoo refuses, or that cannot be reached, is missing with its reason.
 * @throws UnavailableError when none could be reached, or eight in a row could not: what was recorded by then is
 *   there for the next attempt. Any other error is thrown as it is.
 */
export async function everyInstrument<Result>(
  instruments: readonly Instrument[],
  work: (instrument: Instrument) => Promise<Result>,
): Promise<{ results: Result[]; missing: Missing[] }> {
  let answered = 0
  let inARow = 0
  const outcomes = await inParallel(instruments, AT_A_TIME, async (instrument) => {
    try {
      const result = await work(instrument)
      answered++
      inARow = 0
      return { result }
    } catch (error) {
      if (error instanceof RefusedByYahoo) {
        answered++
        inARow = 0
      } else if (error instanceof UnreachableError) {
        inARow++
        if (inARow >= OUTAGE) throw outage(error)
      } else {
        throw error
      }
      return { missing: { symbol: instrument.symbol, reason: error.message }, error }
    }
  })

  const failed = outcomes.find(({ error }) => error !== undefined)
  if (failed && answered === 0) throw outage(failed.error as Error)
  return {
    results: outcomes.flatMap(({ result }) => (result === undefined ? [] : [result])),
    missing: outcomes.flatMap(({ missing }) => missing ?? []),
  }
}

function outage(cause: Error): UnavailableError {
  return new UnavailableError(`Yahoo cannot be reached: ${cause.message}`, { cause })
}
