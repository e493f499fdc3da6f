import type { TrailSample } from '../idle/usage-trail'
import type { Pod } from '../pods/pod'
import type { UsageSample } from './usage'

/**
 * What was recorded of a pod, in the order of time, as samples of its trail: those since it was last seen not to run.
 * What it did counts as unknown where the record says so.
 */
export function toTrailSamples(
  samples: readonly UsageSample[],
  { gpu, cpu: ownCpu }: Pick<Pod, 'gpu' | 'cpu'>,
): readonly TrailSample[] {
  const isCpuPod = gpu === null && ownCpu !== null
  const lastOff = samples.map(({ state }) => state).lastIndexOf('off')
  return samples.slice(lastOff + 1).map(({ atMs, state, gpus, cpu }): TrailSample => {
    if (state === 'unknown' || state === 'off') return { atMs, utilPercent: null, kind: 'unknown' }
    const known = (isCpuPod ? [cpu] : gpus.map(({ util }) => util)).filter((util) => util !== null)
    return { atMs, utilPercent: known.length === 0 ? null : Math.max(...known), kind: state }
  })
}
