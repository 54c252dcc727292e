/** Items in their order, at most so many at a time, taken as they are asked for: a long sequence is never held whole. */
export function* inChunks<T>(items: Iterable<T>, most: number): Generator<T[]> {
  let chunk: T[] = []
  for (const item of items) {
    chunk.push(item)
    if (chunk.length < most) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}
