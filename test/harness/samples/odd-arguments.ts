import { runInNewContext } from 'node:vm'

/** Written as code, since most of them cannot be passed to the page as JSON. */
const odd: readonly string[] = [
  'undefined',
  'null',
  'true',
  '0',
  '-1',
  '1.5',
  'NaN',
  'Infinity',
  '2 ** 53',
  '10n',
  "''",
  "'x'.repeat(201)",
  '[]',
  "['pod-1']",
  "[['pod-1']]",
  '{}',
  "{ podId: 'pod-1' }",
  "{ length: 1, 0: 'pod-1' }",
  "{ toString: 'pod-1', valueOf: 1 }",
  '{ then: 1 }',
  'JSON.parse(\'{"__proto__":{"isAdmin":true}}\')',
  '{ constructor: { prototype: { isAdmin: true } } }',
  "Object.assign(Object.create(null), { a: 'pod-1' })",
  "new String('pod-1')",
  "new Date('2026-01-01')",
  'new Map([[1, 2]])',
  'new Set([1])',
  'new Uint8Array(1_000)',
  'new ArrayBuffer(100_000)',
  "new Error('pod-1')",
  '/pod-1/',
  'new Blob([])',
  '() => 1',
  "async () => 'pod-1'",
  "Symbol('pod-1')",
  "Promise.resolve('pod-1')",
  'window',
  'document.body',
  'window.app',
  "new Proxy({}, { get: () => 'pod-1' })",
  '(() => { const loop = {}; loop.loop = loop; return loop })()',
  '(() => { let deep = {}; for (let i = 0; i < 5_000; i++) deep = { deep }; return deep })()',
]
/** Lists of arguments that are invalid for most requests, as code. */
export const oddArgumentLists: readonly string[] = [
  ...odd.map((one) => `[${one}]`),
  ...['undefined', "'pod-1', 'pod-1'", "'pod-1', undefined", "'pod-1', {}", "'pods', 'pods'"].map(
    (list) => `[${list}]`,
  ),
  "Array(100).fill('pod-1')",
]

/** What code of a page makes; undefined where only a page can. */
export function valueOfCode(code: string): unknown {
  try {
    return runInNewContext(code)
  } catch {
    return undefined
  }
}
