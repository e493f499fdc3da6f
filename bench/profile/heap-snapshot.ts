/** An object of a heap, by its place in the snapshot. */
export type NodeIndex = number

export interface HeapSnapshot {
  readonly count: number
  readonly type: (node: NodeIndex) => string
  readonly name: (node: NodeIndex) => string
  readonly selfBytes: (node: NodeIndex) => number
  /** Where its code begins, counted from 0; null for what isn't a function. */
  readonly location: (node: NodeIndex) => Location | null
  /** Calls `visit` with each object that this one keeps alive. */
  readonly eachEdge: (node: NodeIndex, visit: (to: NodeIndex, type: string, name: string) => void) => void
}

export interface Location {
  readonly scriptId: string
  readonly line: number
  readonly column: number
}

/** The format that Chromium's developer tools save. */
interface SavedSnapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[]
      readonly node_types: readonly [readonly string[], ...unknown[]]
      readonly edge_fields: readonly string[]
      readonly edge_types: readonly [readonly string[], ...unknown[]]
      readonly location_fields: readonly string[]
    }
  }
  readonly nodes: readonly number[]
  readonly edges: readonly number[]
  readonly strings: readonly string[]
  readonly locations: readonly number[]
}

export function parseHeapSnapshot(text: string): HeapSnapshot {
  const { snapshot, nodes, edges, strings, locations } = JSON.parse(text) as SavedSnapshot
  const { meta } = snapshot
  const nodeStep = meta.node_fields.length
  const edgeStep = meta.edge_fields.length
  const count = nodes.length / nodeStep
  const [nodeTypes] = meta.node_types
  const [edgeTypes] = meta.edge_types
  const [typeAt, nameAt, sizeAt, edgesAt] = ['type', 'name', 'self_size', 'edge_count'].map((field) =>
    meta.node_fields.indexOf(field),
  ) as [number, number, number, number]
  const firstEdge = new Uint32Array(count + 1)
  for (let node = 0; node < count; node++)
    firstEdge[node + 1] = (firstEdge[node] ?? 0) + (nodes[node * nodeStep + edgesAt] ?? 0) * edgeStep
  const places = new Map<NodeIndex, Location>()
  for (let at = 0; at < locations.length; at += meta.location_fields.length) {
    const [object = 0, scriptId = 0, line = 0, column = 0] = locations.slice(at, at + 4)
    places.set(object / nodeStep, { scriptId: String(scriptId), line, column })
  }
  return {
    count,
    type: (node) => nodeTypes[nodes[node * nodeStep + typeAt] ?? 0] ?? '',
    name: (node) => strings[nodes[node * nodeStep + nameAt] ?? 0] ?? '',
    selfBytes: (node) => nodes[node * nodeStep + sizeAt] ?? 0,
    location: (node) => places.get(node) ?? null,
    eachEdge(node, visit) {
      for (let at = firstEdge[node] ?? 0; at < (firstEdge[node + 1] ?? 0); at += edgeStep) {
        const type = edgeTypes[edges[at] ?? 0] ?? ''
        if (type === 'weak') continue
        const name = edges[at + 1] ?? 0
        visit((edges[at + 2] ?? 0) / nodeStep, type, isNamed(type) ? (strings[name] ?? '') : String(name))
      }
    },
  }
}

const isNamed = (type: string): boolean => type !== 'element' && type !== 'hidden'

/**
 * For each object the one that alone keeps it alive: without that, it would be collected. The root, and what isn't
 * reachable, have the root.
 */
export function dominatorsOf(snapshot: HeapSnapshot): Uint32Array {
  const { order, place } = postorderOf(snapshot)
  const { first, from } = referrersOf(snapshot, place)
  // By Cooper, Harvey and Kennedy, "A simple, fast dominance algorithm"; places in the postorder stand for objects.
  const root = order.length - 1
  const UNKNOWN = 2 ** 32 - 1
  const dominators = new Uint32Array(order.length).fill(UNKNOWN)
  dominators[root] = root
  const common = (one: number, other: number): number => {
    let [a, b] = [one, other]
    while (a !== b) {
      while (a < b) a = dominators[a] ?? root
      while (b < a) b = dominators[b] ?? root
    }
    return a
  }
  let isChanged = true
  while (isChanged) {
    isChanged = false
    for (let at = root - 1; at >= 0; at--) {
      let found = UNKNOWN
      for (let next = first[at] ?? 0; next < (first[at + 1] ?? 0); next++) {
        const referrer = from[next] ?? 0
        if (dominators[referrer] === UNKNOWN) continue
        found = found === UNKNOWN ? referrer : common(referrer, found)
      }
      if (found === dominators[at]) continue
      dominators[at] = found
      isChanged = true
    }
  }
  const byNode = new Uint32Array(snapshot.count)
  order.forEach((node, at) => {
    byNode[node] = order[dominators[at] ?? root] ?? 0
  })
  return byNode
}

const UNREACHED = -1

function postorderOf(snapshot: HeapSnapshot): {
  readonly order: readonly NodeIndex[]
  readonly place: Int32Array
} {
  const place = new Int32Array(snapshot.count).fill(UNREACHED)
  const isSeen = new Uint8Array(snapshot.count)
  const order: NodeIndex[] = []
  const open: { readonly node: NodeIndex; readonly next: NodeIndex[] }[] = []
  const enter = (node: NodeIndex): void => {
    isSeen[node] = 1
    const next: NodeIndex[] = []
    snapshot.eachEdge(node, (to) => void (isSeen[to] === 0 && next.push(to)))
    open.push({ node, next })
  }
  enter(0)
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const to = top.next.pop()
    if (to === undefined) {
      place[top.node] = order.length
      order.push(top.node)
      open.pop()
    } else if (isSeen[to] === 0) enter(to)
  }
  return { order, place }
}

/** By place in the postorder: where the list of those that refer to it begins. */
function referrersOf(
  snapshot: HeapSnapshot,
  place: Int32Array,
): { readonly first: Uint32Array; readonly from: Uint32Array } {
  const first = new Uint32Array(snapshot.count + 2)
  const each = (visit: (from: number, to: number) => void): void => {
    for (let node = 0; node < snapshot.count; node++) {
      const from = place[node] ?? UNREACHED
      if (from !== UNREACHED) snapshot.eachEdge(node, (to) => visit(from, place[to] ?? 0))
    }
  }
  each((_, to) => {
    first[to + 1] = (first[to + 1] ?? 0) + 1
  })
  for (let at = 1; at < first.length; at++) first[at] = (first[at] ?? 0) + (first[at - 1] ?? 0)
  const from = new Uint32Array(first.at(-1) ?? 0)
  const filled = first.slice()
  each((referrer, to) => {
    from[filled[to] ?? 0] = referrer
    filled[to] = (filled[to] ?? 0) + 1
  })
  return { first, from }
}
