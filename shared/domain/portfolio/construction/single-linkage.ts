import { type Matrix, sizeOf } from '../covariance/matrix.ts'

/** An edge of the shortest tree through all items. */
interface Edge {
  readonly from: number
  readonly to: number
  readonly distance: number
}

/**
 * The items of a distance matrix in the order of the leaves of their single-linkage tree, so that near ones stand together. Two
 * clusters meet at the distance of their nearest members; the one that was formed earlier (single items first, by number) stands
 * left. Among equal distances the one found first by Prim's walk from item 0 counts, so the order is always the same.
 * @see SciPy's `linkage(…, 'single')` and `to_tree(…).pre_order()`, whose order it is.
 */
export function singleLinkageOrder(distances: Matrix): number[] {
  const n = sizeOf(distances)
  // By cluster number: its leaves; items first, then clusters as they are formed.
  const leaves = Array.from({ length: n }, (_, i) => [i])
  const clusterOf = Array.from({ length: n }, (_, i) => i)
  // A stable sort: what was found first stays first.
  for (const { from, to } of shortestTree(distances).sort((a, b) => a.distance - b.distance)) {
    const [a, b] = [clusterOf[from], clusterOf[to]]
    const merged = [...leaves[Math.min(a, b)], ...leaves[Math.max(a, b)]]
    for (const leaf of merged) clusterOf[leaf] = leaves.length
    leaves.push(merged)
  }
  return leaves[leaves.length - 1] ?? []
}

/** Prim's walk from item 0. Each edge starts at the item reached last, which for clusters is as good as the nearest. */
function shortestTree({ rows: n, values }: Matrix): Edge[] {
  const nearest = new Float64Array(n).fill(Number.POSITIVE_INFINITY)
  const reached = new Uint8Array(n)
  const edges: Edge[] = []
  let last = 0
  for (let k = 1; k < n; k++) {
    reached[last] = 1
    let next = -1
    for (let i = 0; i < n; i++) {
      if (reached[i]) continue
      nearest[i] = Math.min(nearest[i], values[last * n + i])
      if (next < 0 || nearest[i] < nearest[next]) next = i
    }
    edges.push({ from: last, to: next, distance: nearest[next] })
    last = next
  }
  return edges
}
