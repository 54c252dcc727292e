/** Runs the work for every item, at most so many at a time, and answers in the items' order. The first error stops what has not begun. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  atATime: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  let stopped = false
  const worker = async () => {
    while (!stopped && next < items.length) {
      const position = next++
      try {
        results[position] = await work(items[position])
      } catch (error) {
        stopped = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, worker))
  return results
}
