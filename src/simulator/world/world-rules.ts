/** What a service that manages pods does at times of its own. */
export type WorldRule = (nowMs: number) => void

/** Applies rules without timers: whenever someone asks, everything that became due since the last time is done. */
export class WorldRules {
  readonly #rules: WorldRule[] = []
  #isApplying = false
  /** For when they were applied last; null after a change. */
  #appliedForMs: number | null = null

  /** Whether a rule is being applied, which may ask for the world itself. */
  get isApplying(): boolean {
    return this.#isApplying
  }

  add(rule: WorldRule): void {
    this.#rules.push(rule)
    this.#appliedForMs = null
  }

  /** Makes the next `apply` look again, even at the same time. */
  noteChange(): void {
    this.#appliedForMs = null
  }

  /** `nowMs` is simulated. */
  apply(nowMs: number): void {
    if (this.#appliedForMs === nowMs) return
    this.#isApplying = true
    try {
      for (const rule of this.#rules) rule(nowMs)
    } finally {
      this.#isApplying = false
    }
    this.#appliedForMs = nowMs
  }
}
