/** Chance that comes out the same for the same seed. */
export interface Chance {
  /** 0 ≤ x < 1. */
  next(): number
  between(least: number, most: number): number
  whole(least: number, most: number): number
  isLucky(share: number): boolean
  pick<T>(of: readonly [T, ...T[]]): T
}

/** Mulberry32. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number): number => least + next() * (most - least)
  const whole = (least: number, most: number): number => Math.floor(between(least, most + 1))
  return {
    next,
    between,
    whole,
    isLucky: (share) => next() < share,
    pick: (of) => of[whole(0, of.length - 1)] ?? of[0],
  }
}
