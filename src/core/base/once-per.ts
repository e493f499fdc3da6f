/** `compute`, which is called once for each object that it is given, as long as that lives. */
export function oncePer<K extends object, V>(compute: (of: K) => V): (of: K) => V {
  const known = new WeakMap<K, { readonly value: V }>()
  return (of) => {
    const entry = known.get(of) ?? { value: compute(of) }
    known.set(of, entry)
    return entry.value
  }
}
