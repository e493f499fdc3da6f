/** The same numbers for the same seed. */
export function seededRandom(seed: number) {
  let state = seed * 2_654_435_761
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    below,
    oneOf: <T>(choices: readonly T[]): T => choices[below(choices.length)]!,
    chance: (share: number): boolean => next() < share,
  }
}
