import type { PodKey } from '../../../core/pods/pod'
import type { MoveTarget } from '../../../core/queue/jobs/job-order'
import { gpuMemoryGb } from '../../../core/queue/jobs/job-fit'
import type { JobView } from '../../../core/queue/queue-view'
import { notStartedText } from '../../pod-model/text/job-text'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useWindow } from '../../state/window-context'
import { toastText } from '../queue-page-text'

/** What can be done with jobs. Failures are shown as toasts. */
export interface JobActions {
  /** Null: on the first idle pod that it fits. */
  readonly run: (job: JobView, podKey: PodKey | null) => void
  readonly hold: (job: JobView) => void
  readonly release: (job: JobView) => void
  readonly cancel: (job: JobView) => void
  readonly retry: (job: JobView) => void
  readonly duplicate: (job: JobView) => void
  /** Can be undone for a while. */
  readonly remove: (job: JobView) => void
  readonly edit: (job: JobView) => void
  /** Opens the form of a copy with a larger GPU filled in. */
  readonly retryLarger: (job: JobView) => void
  readonly fetchResults: (job: JobView) => void
  /** Resolves to whether it was moved. */
  readonly move: (job: JobView, target: MoveTarget) => Promise<boolean>
}

export function useJobActions(): JobActions {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const request: typeof snapshotStore.runRequest = (title, answer) => snapshotStore.runRequest(title, answer)
  const change = (job: JobView, action: 'hold' | 'release' | 'cancel' | 'retry', failure: string): void =>
    runOnce(() => request(failure, bridge.changeJob(job.id, action)))

  async function duplicate({ id, spec }: JobView): Promise<void> {
    const copyId = await request(toastText.notChanged(spec.name), bridge.changeJob(id, 'duplicate'))
    if (copyId !== null) snapshotStore.showToast('ok', toastText.duplicated(spec.name))
  }

  function retryLarger({ id, spec, run }: JobView): void {
    const gpuName =
      snapshotStore.store.getState().podsByKey.get(run?.podKey ?? '')?.gpuName ?? spec.needs.gpuType
    const hadGb = gpuName === null ? null : gpuMemoryGb(gpuName)
    const leastGb = Math.max(hadGb ?? 0, spec.needs.gpuMemoryGb ?? 0)
    const needs = leastGb === 0 ? spec.needs : { ...spec.needs, gpuType: null, gpuMemoryGb: leastGb + 1 }
    snapshotStore.openDialog({ kind: 'job', jobId: null, copyOf: { jobId: id, spec: { ...spec, needs } } })
  }

  async function remove({ id, spec: { name } }: JobView): Promise<void> {
    const removal = bridge.changeJob(id, 'remove')
    if (!(await snapshotStore.tryRequest(toastText.notRemoved(name), removal))) return
    snapshotStore.showToast('ok', toastText.removed(name), () => {
      void request(toastText.notRestored(name), bridge.changeJob(id, 'restore'))
    })
  }

  async function fetchResults({ id, spec: { name } }: JobView): Promise<void> {
    const result = await request(toastText.notFetched(name), bridge.fetchJobResults(id))
    if (result?.kind === 'fetched')
      snapshotStore.showToast('ok', toastText.fetched(result.fileCount, result.folder))
  }

  return {
    run: (job, podKey) =>
      runOnce(() => request(notStartedText(job.spec.name), bridge.runJob(job.id, podKey))),
    hold: (job) => change(job, 'hold', toastText.notChanged(job.spec.name)),
    release: (job) => change(job, 'release', toastText.notChanged(job.spec.name)),
    cancel: (job) => change(job, 'cancel', toastText.notCanceled(job.spec.name)),
    retry: (job) => change(job, 'retry', toastText.notRetried(job.spec.name)),
    duplicate: (job) => runOnce(() => duplicate(job)),
    retryLarger,
    remove: (job) => runOnce(() => remove(job)),
    edit: (job) => snapshotStore.openDialog({ kind: 'job', jobId: job.id }),
    // Not once at a time: a long fetch must not keep the other buttons from working.
    fetchResults: (job) => void fetchResults(job),
    move: (job, target) =>
      snapshotStore.tryRequest(toastText.notMoved(job.spec.name), bridge.moveJob(job.id, target)),
  }
}
