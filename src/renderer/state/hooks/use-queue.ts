import type { PodKey } from '../../../core/pods/pod'
import { isRunningState, type JobView, type QueueView } from '../../../core/queue/queue-view'
import { useSnapshotStore } from '../window-context'

/** The queue of all accounts; null: nothing is known of it yet. */
export const useQueue = (): QueueView | null =>
  useSnapshotStore(({ wholeSnapshot }) => wholeSnapshot?.queue ?? null)

export const jobOf = (queue: QueueView | null, jobId: string): JobView | undefined =>
  queue?.jobs.find(({ id }) => id === jobId)

/** The job that is suggested for a pod that has been idle for long; null: none. */
export function useSuggestedJob(podKey: PodKey): JobView | null {
  return useSnapshotStore(({ wholeSnapshot }) => {
    const queue = wholeSnapshot?.queue
    const proposal = queue?.suggestions.find((one) => one.podKey === podKey)
    return proposal === undefined ? null : (jobOf(queue ?? null, proposal.jobId) ?? null)
  })
}

/** The names of the jobs that run on a pod, separated by line breaks; empty: none. */
export const useRunningJobNames = (podKey: PodKey): string =>
  useSnapshotStore(({ wholeSnapshot }) =>
    (wholeSnapshot?.queue?.jobs ?? [])
      .filter(({ state, run }) => isRunningState(state) && run?.podKey === podKey)
      .map(({ spec }) => spec.name)
      .join('\n'),
  )
