/** From `realMs` on, simulated time runs `factor` times as fast, starting at `simulatedMs`. */
interface TimeSegment {
  readonly realMs: number
  readonly simulatedMs: number
  readonly factor: number
}

/**
 * Simulated time. It starts at the wall clock's time and runs `factor` times as fast. The API uses real time for dates,
 * because otherwise dates in fast time would be in the client's future; with `hasSimulatedDates` it uses simulated
 * time.
 */
export class VirtualTime {
  readonly #now: () => number
  readonly #hasSimulatedDates: boolean
  readonly startedAtMs: number
  #frozenMs: number | null = null
  #segments: readonly [TimeSegment, ...TimeSegment[]]

  /** `now` is the wall clock, Unix ms. Throws a RangeError for a factor below 1. */
  constructor(now: () => number, factor: number, hasSimulatedDates = false) {
    checkFactor(factor)
    this.#now = now
    this.#hasSimulatedDates = hasSimulatedDates
    this.startedAtMs = now()
    this.#segments = [{ realMs: this.startedAtMs, simulatedMs: this.startedAtMs, factor }]
  }

  get factor(): number {
    return this.#lastSegmentWhere(() => true).factor
  }

  /**
   * Changes the factor from now on. Throws a RangeError below 1, because the app's clock must not run ahead of
   * simulated time.
   */
  setFactor(factor: number): void {
    checkFactor(factor)
    const segment = { realMs: this.#realMs(), simulatedMs: this.nowMs(), factor }
    this.#segments = [...this.#segments, segment]
  }

  /** Executes `run` with time paused, so that everything in it happens at the same time. */
  withFrozenClock<T>(run: () => T): T {
    this.#frozenMs = this.#realMs()
    try {
      return run()
    } finally {
      this.#frozenMs = null
    }
  }

  /** Simulated ms. */
  nowMs(): number {
    return project(
      this.#lastSegmentWhere(() => true),
      this.#realMs(),
    )
  }

  /** The time as the API shows it, Unix ms. Times before the start are the same in both. */
  toWallMs(simulatedMs: number): number {
    if (this.#hasSimulatedDates || simulatedMs <= this.startedAtMs) return simulatedMs
    const segment = this.#lastSegmentWhere((each) => each.simulatedMs <= simulatedMs)
    return segment.realMs + (simulatedMs - segment.simulatedMs) / segment.factor
  }

  /** The simulated time of a date in the API, ms. */
  toSimulatedMs(wallMs: number): number {
    if (this.#hasSimulatedDates || wallMs <= this.startedAtMs) return wallMs
    return project(
      this.#lastSegmentWhere((each) => each.realMs <= wallMs),
      wallMs,
    )
  }

  #realMs(): number {
    return this.#frozenMs ?? this.#now()
  }

  #lastSegmentWhere(matches: (segment: TimeSegment) => boolean): TimeSegment {
    return [...this.#segments].reverse().find(matches) ?? this.#segments[0]
  }
}

function project({ realMs, simulatedMs, factor }: TimeSegment, atMs: number): number {
  return simulatedMs + (atMs - realMs) * factor
}

function checkFactor(factor: number): void {
  if (!(factor >= 1 && Number.isFinite(factor))) throw new RangeError('timeFactor must be at least 1')
}
