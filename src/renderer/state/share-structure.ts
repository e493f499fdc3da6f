/**
 * Returns `next` with every part that equals its counterpart in `previous` replaced by that counterpart, so
 * that unchanged parts keep their identity. Only for plain data from IPC: no cycles, no classes. Array
 * entries are matched by `id` or `podKey` when they have one, otherwise by index.
 */
export function shareStructure<T>(previous: T | null | undefined, next: T): T {
  return share(previous, next) as T
}

function share(previous: unknown, next: unknown): unknown {
  if (Object.is(previous, next)) return previous
  if (Array.isArray(previous) && Array.isArray(next)) return shareArray(previous, next)
  if (isRecord(previous) && isRecord(next)) return shareRecord(previous, next)
  return next
}

function shareArray(previous: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  const byId = idOf(next[0]) === null ? null : new Map(previous.map((entry) => [idOf(entry), entry]))
  let isSame = next.length === previous.length
  const shared = next.map((entry, index) => {
    const id = byId === null ? null : idOf(entry)
    const one = share(id === null || byId === null ? previous[index] : byId.get(id), entry)
    isSame &&= Object.is(one, previous[index])
    return one
  })
  return isSame ? previous : shared
}

function shareRecord(previous: Data, next: Data): Data {
  const keys = Object.keys(next)
  let isSame = keys.length === Object.keys(previous).length
  const shared: Record<string, unknown> = { ...next }
  for (const key of keys) {
    const isKnown = Object.hasOwn(previous, key)
    const one = isKnown ? share(previous[key], next[key]) : next[key]
    isSame &&= isKnown && Object.is(one, previous[key])
    if (!Object.is(one, next[key])) Object.defineProperty(shared, key, { ...PLAIN, value: one })
  }
  return isSame ? previous : shared
}

type Data = Readonly<Record<string, unknown>>

/** Used with `defineProperty`, so that a key named `__proto__` is treated like any other. */
const PLAIN = { configurable: true, enumerable: true, writable: true } as const

function isRecord(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function idOf(entry: unknown): unknown {
  return isRecord(entry) ? (entry['id'] ?? entry['podKey'] ?? null) : null
}
