/** From `realMs` on, simulated time runs `factor` times as fast, starting at `simulatedMs`. */
interface TimeSegment {
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

  /** From now on. Throws a RangeError below 1: the app's own clock is not sped up, and must not run ahead. */
  setFactor(factor: number): void {
    checkFactor(factor)
    const segment = { realMs: this.#realMs(), simulatedMs: this.nowMs(), factor }
    this.#segments = [...this.#segments, segment]
  }

  /** Runs `run` with time standing still, so that all it reads and does is of one moment. */
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

  /** The moment as the API dates it, Unix ms. Times before the start are the same in both. */
  toWallMs(simulatedMs: number): number {
    if (this.#hasSimulatedDates || simulatedMs <= this.startedAtMs) return simulatedMs
    const segment = this.#lastSegmentWhere((each) => each.simulatedMs <= simulatedMs)
    return segment.realMs + (simulatedMs - segment.simulatedMs) / segment.factor
  }

  /** The moment that the API would date so, simulated ms. */
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
