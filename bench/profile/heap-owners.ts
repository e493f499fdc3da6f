import { basename } from 'node:path'
import { dominatorsOf, type HeapSnapshot, type Location, type NodeIndex } from './heap-snapshot'
import type { Origin } from './report'

const SHOWN_KINDS = 15
const SHOWN_OWNERS = 45
const SHOWN_OBJECTS = 30

/** What is known about the scripts of a process beside its snapshot. */
export interface Scripts {
  readonly originAt: (place: Location, functionName: string) => Origin
  /** Where a variable at the top level of a bundle comes from; null if there is none of this name. */
  readonly declared: (variable: string) => Origin | null
}

/**
 * A table of a heap by kind and by owner. An object belongs to the function or the variable at the top of a module
 * that alone keeps it alive; what several keep alive has no owner.
 */
export function formatHeap(snapshot: HeapSnapshot, scripts: Scripts): string {
  const owners = ownersOf(snapshot, scripts)
  const byOwner = new Map<string, number>()
  const byKind = new Map<string, number>()
  const byPlace = new Map<string, number>()
  const ownerless = new Map<string, number>()
  const add = (figures: Map<string, number>, name: string, bytes: number): void =>
    void figures.set(name, (figures.get(name) ?? 0) + bytes)
  let total = 0
  for (let node = 0; node < snapshot.count; node++) {
    const bytes = snapshot.selfBytes(node)
    total += bytes
    add(byOwner, owners[node]?.owner ?? NOBODY.owner, bytes)
    add(byPlace, owners[node]?.name ?? NOBODY.name, bytes)
    add(byKind, kindOf(snapshot, node), bytes)
    if (owners[node] === NOBODY) add(ownerless, kindOf(snapshot, node), bytes)
  }
  const rows = (figures: ReadonlyMap<string, number>, shown: number): string =>
    [...figures]
      .sort(([, a], [, b]) => b - a)
      .slice(0, shown)
      .map(([name, bytes]) => `${(bytes / 1_000).toFixed(0).padStart(9)} kB  ${name}`)
      .join('\n')
  return [
    `${(total / 1e6).toFixed(1)} MB in all\n\n${rows(byKind, SHOWN_KINDS)}`,
    rows(byOwner, SHOWN_OWNERS),
    `Without an owner:\n${rows(ownerless, SHOWN_KINDS)}`,
    `${rows(byPlace, SHOWN_OBJECTS)}\n`,
  ].join('\n\n')
}

function kindOf(snapshot: HeapSnapshot, node: NodeIndex): string {
  const type = snapshot.type(node)
  const name = snapshot.name(node)
  if (type === 'string' && snapshot.selfBytes(node) > 100_000) return 'strings over 100 kB: sources'
  if (type === 'code' || type === 'object shape') {
    const kind = /^\(?(system \/ \w+|[\w ]+)/.exec(name)?.[1]
    return `${type}${kind === undefined ? '' : `: ${kind}`}`
  }
  return type
}

const NOBODY: Origin = { owner: '(V8 and Electron)', name: '(V8 and Electron)' }

function ownersOf(snapshot: HeapSnapshot, scripts: Scripts): readonly Origin[] {
  const dominators = dominatorsOf(snapshot)
  const declared = declaredObjects(snapshot, scripts)
  const owners: Origin[] = []
  const ownOf = (node: NodeIndex): Origin | null => {
    const place = snapshot.location(node)
    if (place !== null) return scripts.originAt(place, snapshot.name(node))
    return declared.get(node) ?? null
  }
  for (let node = 0; node < snapshot.count; node++) {
    const path: NodeIndex[] = []
    let at = node
    for (; owners[at] === undefined && at !== 0; at = dominators[at] ?? 0) path.push(at)
    let owner = owners[at] ?? NOBODY
    owners[at] = owner
    for (const below of path.reverse()) owners[below] = owner = ownOf(below) ?? owner
  }
  return owners
}

function isScript(snapshot: HeapSnapshot, node: NodeIndex): boolean {
  if (snapshot.type(node) !== 'code') return false
  let hasSource = false
  snapshot.eachEdge(node, (_, type, name) => {
    hasSource ||= type === 'internal' && name === 'source'
  })
  return hasSource
}

const textOf = (url: string): Origin => {
  const name = `text of ${basename(url) || 'unnamed scripts'}`
  return { owner: name.startsWith('text of node:') ? 'text of node' : name, name }
}

/**
 * By object: the script that it is the text of, or the variable at the top level of a script that holds it. All
 * variables of a bundle are in one context.
 */
function declaredObjects(snapshot: HeapSnapshot, scripts: Scripts): ReadonlyMap<NodeIndex, Origin> {
  const declared = new Map<NodeIndex, Origin>()
  for (let node = 0; node < snapshot.count; node++) {
    if (isScript(snapshot, node)) {
      const origin = textOf(snapshot.name(node))
      declared.set(node, origin)
      snapshot.eachEdge(node, (to, _, name) => void (name === 'source' && declared.set(to, origin)))
    }
    if (snapshot.name(node) !== 'system / Context') continue
    const held: { readonly to: NodeIndex; readonly origin: Origin | null }[] = []
    snapshot.eachEdge(node, (to, type, name) => {
      if (type === 'context' && !name.startsWith('this')) held.push({ to, origin: scripts.declared(name) })
    })
    // Variables of a function can have such a name too.
    const areOfBundle = held.filter(({ origin }) => origin !== null).length > Math.max(10, held.length * 0.8)
    if (areOfBundle) for (const { to, origin } of held) if (origin !== null) declared.set(to, origin)
  }
  return declared
}
