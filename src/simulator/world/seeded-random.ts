/*
 * Repeatable random values. Each value is derived from a name instead of a generator's state, so the number of calls
 * doesn't matter.
 */

/** A 32-bit hash of `text`: FNV-1a with a final avalanche step, so that similar names get very different values. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** A number in [0, 1) that depends only on the name. */
function unitNoise(...seedParts: readonly (string | number)[]): number {
  return hashText(seedParts.join('/')) / 0x1_0000_0000
}

/** An integer from `min` to `max`, both inclusive, that depends only on the name. */
export function between(min: number, max: number, ...seedParts: readonly (string | number)[]): number {
  return min + Math.floor(unitNoise(...seedParts) * (max - min + 1))
}

/** One of `choices`. */
export function pick<T>(choices: readonly [T, ...T[]], ...seedParts: readonly (string | number)[]): T {
  return choices[between(0, choices.length - 1, ...seedParts)] ?? choices[0]
}

/** `length` lower-case letters and digits, like a pod id. */
export function randomId(length: number, ...seedParts: readonly (string | number)[]): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from({ length }, (_, i) => alphabet[between(0, alphabet.length - 1, ...seedParts, i)]).join('')
}
