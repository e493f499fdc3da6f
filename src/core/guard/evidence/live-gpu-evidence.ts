import {
  clockDisagreementMs,
  elapsedMs,
  type Instant,
  MINUTE_MS,
  MAX_CLOCK_DISAGREEMENT_MS,
} from '../../base/time/time'
import { busiestGpu, type LiveGpu } from '../../gpus/gpu-reading'
import type { Pod, PodId } from '../../pods/pod'

/** A GPU that was seen busy makes the samples of this time busy, ms. */
const BUSY_FOR_MS = MINUTE_MS

interface SeenBusy {
  readonly at: Instant
  readonly startedAtMs: number
}

/** What live readings of GPUs say of pods: that they work. See docs/product-rules.md#22-busy. */
export function createLiveGpuEvidence() {
  const busy = new Map<PodId, SeenBusy>()
  return {
    /** The work that was seen, as a clause ("GPU 3 was at 93%"); null: none. */
    record(pod: Pod, gpus: readonly LiveGpu[], busyAtPercent: number, at: Instant): string | null {
      const busiest = busiestGpu(gpus)
      if (busiest === null || busiest.utilPercent < busyAtPercent || pod.startedAtMs === null) return null
      busy.set(pod.id, { at, startedAtMs: pod.startedAtMs })
      return `GPU ${busiest.index} was at ${Math.round(busiest.utilPercent)}%`
    },
    isBusy({ id, phase, startedAtMs }: Pod, at: Instant): boolean {
      const seen = busy.get(id)
      if (seen === undefined || phase !== 'running' || seen.startedAtMs !== startedAtMs) return false
      return (
        elapsedMs(seen.at, at) <= BUSY_FOR_MS && clockDisagreementMs(seen.at, at) <= MAX_CLOCK_DISAGREEMENT_MS
      )
    },
  }
}
