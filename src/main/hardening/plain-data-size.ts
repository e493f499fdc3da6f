/** What stands for a value that is not plain data: its size says nothing. */
export const NOT_PLAIN = Number.POSITIVE_INFINITY

/** Deeper than this nothing of the contract goes. */
const MAX_DEPTH = 20
/** Names under which an object reaches what all objects share. */
const PROTOTYPE_KEYS = ['__proto__', 'constructor', 'prototype']

/**
 * About how many bytes a value takes when it is written down; more than `maxBytes` means "too many", found out
 * without walking on. `NOT_PLAIN` when it is anything but JSON with `undefined`: dates, maps, buffers, cycles
 * (too deep), numbers that JSON has not, objects with names that reach a prototype.
 */
export function plainDataSize(value: unknown, maxBytes: number, depth = 0): number {
  if (depth > MAX_DEPTH) return NOT_PLAIN
  switch (typeof value) {
    case 'undefined':
    case 'boolean':
      return 5
    case 'number':
      return Number.isFinite(value) ? 8 : NOT_PLAIN
    case 'string':
      return 2 + value.length * 2
    case 'object':
      return value === null ? 4 : sizeOfObject(value, maxBytes, depth)
    default:
      return NOT_PLAIN
  }
}

function sizeOfObject(value: object, maxBytes: number, depth: number): number {
  if (!isPlain(value)) return NOT_PLAIN
  const isList = Array.isArray(value)
  // A list with holes can claim any length and hold nothing.
  let bytes = 2 + (isList ? value.length : 0)
  for (const [name, part] of Object.entries(value)) {
    if (PROTOTYPE_KEYS.includes(name)) return NOT_PLAIN
    bytes += (isList ? 0 : name.length * 2 + 4) + plainDataSize(part, maxBytes, depth + 1)
    if (bytes > maxBytes) return bytes
  }
  return bytes
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || prototype === Object.prototype || prototype === null
}
