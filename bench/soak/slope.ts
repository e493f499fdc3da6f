/** A heap measurement after garbage collection. */
export interface HeapSample {
  /** Polls or window openings so far. */
  readonly done: number
  readonly bytes: number
}

/**
 * Bytes per iteration, by least squares over the later half of the measurements, because one-time allocations at the
 * start are not a leak. Needs four measurements.
 */
export function slopeOf(samples: readonly HeapSample[]): number {
  const later = samples.slice(Math.floor(samples.length / 2))
  if (later.length < 2) throw new Error('a slope needs more looks')
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, one) => sum + one, 0) / values.length
  const [x, y] = [mean(later.map(({ done }) => done)), mean(later.map(({ bytes }) => bytes))]
  const above = mean(later.map(({ done, bytes }) => (done - x) * (bytes - y)))
  const below = mean(later.map(({ done }) => (done - x) ** 2))
  return above / below
}
