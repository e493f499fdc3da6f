import type { ActivityLimits } from './activity-limits'
import { emptyTally, type IdleTally, updateTally } from './oracle-idle'
import { newQuietRecord, type QuietRecord, recordQuiet } from './oracle-quiet'
import type { Observation } from './virtual-provider'

/** What a program has observed that does not act, because another one does. */
export interface WaitingRecord {
  onObserved(seen: readonly Observation[]): void
  tallyOf(podId: string): IdleTally
  podOf(podId: string): { readonly quiet: QuietRecord; readonly last: Observation | null }
}

export function createWaitingRecord(limits: ActivityLimits): WaitingRecord {
  const pods = new Map<string, { tally: IdleTally; readonly quiet: QuietRecord; last: Observation | null }>()

  function podOf(podId: string) {
    const known = pods.get(podId)
    if (known) return known
    const created = { tally: emptyTally, quiet: newQuietRecord(), last: null }
    pods.set(podId, created)
    return created
  }

  return {
    onObserved(seen) {
      for (const observation of seen) {
        const pod = podOf(observation.podId)
        const before = pod.tally
        pod.tally = updateTally(before, observation, limits)
        if (pod.tally === before) continue
        pod.last = observation
        recordQuiet(pod.quiet, before, pod.tally, observation, limits)
      }
    },
    tallyOf: (podId) => podOf(podId).tally,
    podOf,
  }
}
