/**
 * `next`, with every part that equals its counterpart in `previous` replaced by that counterpart, so that
 * what did not change keeps its identity. For plain data as IPC delivers it: no cycles, no classes. Entries
 * of an array that have an `id` or `podId` are compared by it, others by their place.
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
  const byId = new Map(previous.map((entry) => [idOf(entry), entry]))
  const shared = next.map((entry, index) => {
    const id = idOf(entry)
    return share(id === null ? previous[index] : byId.get(id), entry)
  })
  const isSame =
    shared.length === previous.length && shared.every((entry, i) => Object.is(entry, previous[i]))
  return isSame ? previous : shared
}

function shareRecord(
  previous: Readonly<Record<string, unknown>>,
  next: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const shared = Object.fromEntries(
    Object.entries(next).map(([key, value]) => [
      key,
      Object.hasOwn(previous, key) ? share(previous[key], value) : value,
    ]),
  )
  const isSame =
    Object.keys(shared).length === Object.keys(previous).length &&
    Object.keys(shared).every((key) => Object.hasOwn(previous, key) && Object.is(shared[key], previous[key]))
  return isSame ? previous : shared
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function idOf(entry: unknown): unknown {
  return isRecord(entry) ? (entry['id'] ?? entry['podId'] ?? null) : null
}
