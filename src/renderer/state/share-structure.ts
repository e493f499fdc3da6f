/**
 * Returns `next` with every part that equals its counterpart in `previous` replaced by that counterpart, so
 * that unchanged parts keep their identity. Only for plain data that arrived a moment ago and that nobody else
 * has: no cycles, no classes, and `next` itself is changed. Array entries are matched by `id` or `podKey` when
 * they have one, otherwise by index.
 */
export function shareStructure<T>(previous: T | null | undefined, next: T): T {
  return share(previous, next) as T
}

/**
 * Returns `next` with each list of the same entries replaced by that of `previous`, for a view of parts that are
 * shared already. `next` stays as it is.
 */
export function shareLists<T extends object>(previous: T | null, next: T): T {
  if (previous === null || previous === next) return next
  const known = previous as Data
  const shared = Object.entries(next).map(
    ([key, value]) => [key, isSameList(known[key], value) ? known[key] : value] as const,
  )
  const isSame =
    shared.length === Object.keys(previous).length &&
    shared.every(([key, value]) => Object.is(known[key], value))
  return isSame ? previous : (Object.fromEntries(shared) as T)
}

const isSameList = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) &&
  Array.isArray(b) &&
  a.length === b.length &&
  a.every((entry, index) => Object.is(entry, b[index]))

function share(previous: unknown, next: unknown): unknown {
  if (Object.is(previous, next)) return previous
  if (Array.isArray(previous) && Array.isArray(next)) return shareArray(previous, next)
  if (isRecord(previous) && isRecord(next)) return shareRecord(previous, next)
  return next
}

function shareArray(previous: readonly unknown[], next: unknown[]): readonly unknown[] {
  const byId = idOf(next[0]) === null ? null : new Map(previous.map((entry) => [idOf(entry), entry]))
  let isSame = next.length === previous.length
  for (let index = 0; index < next.length; index++) {
    const entry = next[index]
    const id = byId === null ? null : idOf(entry)
    const one = share(id === null || byId === null ? previous[index] : byId.get(id), entry)
    isSame &&= Object.is(one, previous[index])
    next[index] = one
  }
  return isSame ? previous : next
}

function shareRecord(previous: Data, next: Record<string, unknown>): Data {
  const keys = Object.keys(next)
  let isSame = keys.length === Object.keys(previous).length
  for (const key of keys) {
    const value = next[key]
    // A key named `__proto__` is treated like any other.
    const known = Object.hasOwn(previous, key) ? previous[key] : MISSING
    if (Object.is(known, value)) continue
    // Own, so that no setter is called.
    if (typeof value === 'object' && value !== null) next[key] = share(known, value)
    isSame &&= Object.is(next[key], known)
  }
  return isSame ? previous : next
}

type Data = Readonly<Record<string, unknown>>

/** Unlike any value, undefined included. */
const MISSING = Symbol('missing')

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function idOf(entry: unknown): unknown {
  return isRecord(entry) ? (entry['id'] ?? entry['podKey'] ?? null) : null
}
