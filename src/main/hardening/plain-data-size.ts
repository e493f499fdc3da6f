/** The result for a value that is not plain data. */
export const NOT_PLAIN = Number.POSITIVE_INFINITY

/** No valid message is nested more deeply. */
const MAX_DEPTH = 20
/** Property names that reach the prototype shared by all objects. */
const PROTOTYPE_KEYS = ['__proto__', 'constructor', 'prototype']

/**
 * The approximate size of a value in bytes; above `maxBytes` it stops early. `NOT_PLAIN` for anything but
 * JSON and `undefined`: dates, maps, buffers, cycles, non-JSON numbers, and objects with keys that reach a
 * prototype.
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
  // A sparse array can claim any length without content.
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
