import { expect, it } from 'vitest'
import { formatHeap, type Scripts } from '../../bench/profile/heap-owners'
import { dominatorsOf, parseHeapSnapshot } from '../../bench/profile/heap-snapshot'

const NODE_TYPES = ['synthetic', 'closure', 'object', 'string']
const EDGE_TYPES = ['property', 'weak']

/** Objects as [type, name, bytes, [index of what it refers to, type of the reference] …]; the first is the root. */
type Drawn = readonly [string, string, number, ...(readonly [number, string])[]]

function snapshotOf(drawn: readonly Drawn[], locations: readonly number[] = []): string {
  const strings = [...new Set(drawn.map(([, name]) => name))]
  return JSON.stringify({
    snapshot: {
      meta: {
        node_fields: ['type', 'name', 'id', 'self_size', 'edge_count'],
        node_types: [NODE_TYPES],
        edge_fields: ['type', 'name_or_index', 'to_node'],
        edge_types: [EDGE_TYPES],
        location_fields: ['object_index', 'script_id', 'line', 'column'],
      },
    },
    nodes: drawn.flatMap(([type, name, bytes, ...edges], at) => [
      NODE_TYPES.indexOf(type),
      strings.indexOf(name),
      at,
      bytes,
      edges.length,
    ]),
    edges: drawn.flatMap(([, , , ...edges]) =>
      edges.flatMap(([to, type]) => [EDGE_TYPES.indexOf(type), 0, to * 5]),
    ),
    strings,
    locations,
  })
}

it('an object that two keep alive is dominated by what keeps both alive', () => {
  const snapshot = parseHeapSnapshot(
    snapshotOf([
      ['synthetic', 'root', 0, [1, 'property']],
      ['object', 'both', 10, [2, 'property'], [3, 'property']],
      ['object', 'one', 10, [4, 'property']],
      ['object', 'other', 10, [4, 'property'], [5, 'property']],
      ['string', 'shared', 10],
      ['string', 'own', 10, [2, 'weak']],
    ]),
  )
  expect([...dominatorsOf(snapshot)]).toEqual([0, 0, 1, 1, 1, 3])
})

it('a function owns what only it keeps alive', () => {
  const text = snapshotOf(
    [
      ['synthetic', 'root', 0, [1, 'property'], [3, 'property']],
      ['closure', 'read', 2_000, [2, 'property']],
      ['object', 'Object', 3_000],
      ['object', 'Object', 4_000],
    ],
    [5, 7, 11, 13],
  )
  const scripts: Scripts = {
    originAt: ({ scriptId, line, column }, name) => ({
      owner: `script ${scriptId}`,
      name: `${name}:${line}:${column}`,
    }),
    declared: () => null,
  }
  const lines = formatHeap(parseHeapSnapshot(text), scripts)
    .split('\n')
    .map((line) => line.trim())
  expect(lines).toContain('5 kB  script 7')
  expect(lines).toContain('5 kB  read:11:13')
  expect(lines).toContain('4 kB  (V8 and Electron)')
})
