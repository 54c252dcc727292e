/** A source of bytes that remembers its failure, so that it is not taken for one of the store it is written to. */
export interface WatchedSource {
  readonly pieces: AsyncIterable<Uint8Array>
  /** What the source has thrown, if it has. */
  failure(): { readonly error: unknown } | undefined
  /** Tells the source that nobody reads on, when it has not ended. */
  close(): Promise<void>
}

export function watchSource(source: AsyncIterable<Uint8Array>): WatchedSource {
  let failure: { readonly error: unknown } | undefined
  async function* pieces() {
    try {
      yield* source
    } catch (error) {
      failure = { error }
      throw error
    }
  }
  const generator = pieces()
  return {
    pieces: generator,
    failure: () => failure,
    async close() {
      await generator.return(undefined)
    },
  }
}
