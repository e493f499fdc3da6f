/*
 * Repeatable chance. Every figure of the simulator is drawn by naming it, never from a running generator,
 * so that asking more or less often changes nothing.
 */

/** 32 bits of `text`, well mixed: FNV-1a, then an avalanche so that neighbouring names differ everywhere. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** A number in [0, 1) that depends on nothing but its name. */
function noise(...name: readonly (string | number)[]): number {
  return hashOf(name.join('/')) / 0x1_0000_0000
}

/** An integer from `min` to `max`, both included, that depends on nothing but its name. */
export function between(min: number, max: number, ...name: readonly (string | number)[]): number {
  return min + Math.floor(noise(...name) * (max - min + 1))
}

/** One of `choices`. */
export function pick<T>(choices: readonly [T, ...T[]], ...name: readonly (string | number)[]): T {
  return choices[between(0, choices.length - 1, ...name)] ?? choices[0]
}

/** `length` lower-case letters and digits, as pod ids have them. */
export function token(length: number, ...name: readonly (string | number)[]): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from({ length }, (_, i) => alphabet[between(0, alphabet.length - 1, ...name, i)]).join('')
}
