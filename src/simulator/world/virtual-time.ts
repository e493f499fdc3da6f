/** From `realMs` on, simulated time runs `factor` times as fast, starting at `simulatedMs`. */
interface Stretch {
  readonly realMs: number
  readonly simulatedMs: number
  readonly factor: number
}

/**
 * Simulated time. It starts as the wall clock and runs `factor` times as fast. The API states its dates in real
 * time, since what starts in sped-up time would else start in the client's future; with `hasSimulatedDates` it
 * states simulated ones.
 */
export class VirtualTime {
  readonly #now: () => number
  readonly #hasSimulatedDates: boolean
  readonly startedAtMs: number
  #heldMs: number | null = null
  #stretches: readonly [Stretch, ...Stretch[]]

  /** `now` is the wall clock, Unix ms. Throws a RangeError for a factor below 1. */
  constructor(now: () => number, factor: number, hasSimulatedDates = false) {
    checkFactor(factor)
    this.#now = now
    this.#hasSimulatedDates = hasSimulatedDates
    this.startedAtMs = now()
    this.#stretches = [{ realMs: this.startedAtMs, simulatedMs: this.startedAtMs, factor }]
  }

  get factor(): number {
    return this.#lastWhere(() => true).factor
  }

  /** From now on. Throws a RangeError below 1: the app's own clock is not sped up, and must not run ahead. */
  setFactor(factor: number): void {
    checkFactor(factor)
    const stretch = { realMs: this.#realMs(), simulatedMs: this.nowMs(), factor }
    this.#stretches = [...this.#stretches, stretch]
  }

  /** Runs `run` with time standing still, so that all it reads and does is of one moment. */
  atOneMoment<T>(run: () => T): T {
    this.#heldMs = this.#realMs()
    try {
      return run()
    } finally {
      this.#heldMs = null
    }
  }

  /** Simulated ms. */
  nowMs(): number {
    return forward(
      this.#lastWhere(() => true),
      this.#realMs(),
    )
  }

  /** The moment as the API dates it, Unix ms. Times before the start are the same in both. */
  wallOf(simulatedMs: number): number {
    if (this.#hasSimulatedDates || simulatedMs <= this.startedAtMs) return simulatedMs
    const stretch = this.#lastWhere((each) => each.simulatedMs <= simulatedMs)
    return stretch.realMs + (simulatedMs - stretch.simulatedMs) / stretch.factor
  }

  /** The moment that the API would date so, simulated ms. */
  simulatedOf(wallMs: number): number {
    if (this.#hasSimulatedDates || wallMs <= this.startedAtMs) return wallMs
    return forward(
      this.#lastWhere((each) => each.realMs <= wallMs),
      wallMs,
    )
  }

  #realMs(): number {
    return this.#heldMs ?? this.#now()
  }

  #lastWhere(holds: (stretch: Stretch) => boolean): Stretch {
    return [...this.#stretches].reverse().find(holds) ?? this.#stretches[0]
  }
}

function forward({ realMs, simulatedMs, factor }: Stretch, atMs: number): number {
  return simulatedMs + (atMs - realMs) * factor
}

function checkFactor(factor: number): void {
  if (!(factor >= 1 && Number.isFinite(factor))) throw new RangeError('timeFactor must be at least 1')
}
