/** A random number generator that repeats its numbers for the same seed. */
export interface SeededRandom {
  /** 0 ≤ number < 1. */
  next(): number
  between(low: number, high: number): number
  integer(low: number, high: number): number
  bool(probability: number): boolean
  pick<T>(choices: readonly [T, ...T[]]): T
}

export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    return mix(state)
  }
  const between = (low: number, high: number): number => low + (high - low) * next()
  return {
    next,
    between,
    integer: (low, high) => Math.floor(between(low, high + 1)),
    bool: (probability) => next() < probability,
    pick: (choices) => choices[Math.floor(next() * choices.length)] ?? choices[0],
  }
}

/** The same number, 0 ≤ number < 1, for the same two integers, so that values can be requested in any order. */
export function hashNoise(seed: number, place: number): number {
  return mix((seed ^ Math.imul(place | 0, 0x9e3779b1)) >>> 0)
}

function mix(state: number): number {
  let mixed = Math.imul(state ^ (state >>> 15), state | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
}
