import type { Quarantine, QuarantinedBar } from '../../ports/ingestion-stores.ts'

/** Refused bars in this process. */
export function memoryQuarantine(): Quarantine {
  let bars: (QuarantinedBar & { readonly run: string })[] = []
  return {
    async put(run, given) {
      const placed = new Map([...bars, ...given.map((bar) => ({ ...bar, run }))].map((bar) => [placeOf(bar), bar]))
      bars = [...placed.values()].sort(inOrder)
    },
    async list({ run, symbol, limit }) {
      return bars
        .filter((bar) => (run === undefined || bar.run === run) && (symbol === undefined || bar.symbol === symbol))
        .slice(0, limit)
    },
  }
}

type Place = readonly (string | number)[]

function place({ run, dataset, symbol, at, ordinal }: QuarantinedBar & { readonly run: string }): Place {
  // A bar without a usable time comes after those that have one.
  const time = Math.abs(at) <= 8.64e15 ? at : Number.POSITIVE_INFINITY
  return [run, symbol, time, dataset.source, dataset.asset, dataset.interval, ordinal]
}

function placeOf(bar: QuarantinedBar & { readonly run: string }): string {
  return JSON.stringify(place(bar))
}

function inOrder(a: QuarantinedBar & { readonly run: string }, b: QuarantinedBar & { readonly run: string }): number {
  const [left, right] = [place(a), place(b)]
  const i = left.findIndex((part, at) => part !== right[at])
  if (i < 0) return 0
  return left[i] < right[i] ? -1 : 1
}
