/** One look at a heap after its garbage was collected. */
export interface HeapSample {
  /** Polls, openings: what was done by then. */
  readonly done: number
  readonly bytes: number
}

/**
 * Bytes per thing done, by least squares over the later half of the looks: what is made once, in the beginning, is no
 * leak. Needs four looks.
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
