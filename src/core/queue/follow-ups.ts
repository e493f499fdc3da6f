import type { Clock } from '../base/time/clock'
import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import { dataImpact, isDataKept } from '../pods/data-impact'
import { plainName } from '../pods/pod-name'
import type { Job } from './jobs/job'
import type { JobStore } from './jobs/job-store'
import type { HostOf, QueueOptions } from './queue-ports'
import { type FetchedResults, type FetchError, fetchResults } from './results'
import { ok, type Result } from '../base/result'
import { parsePodKey } from '../pods/pod'
import type { QueuePod } from './schedule/schedule'

/** Why a pod isn't stopped: a sentence, or that it has to wait. */
type StopProblem = typeof WAIT | { readonly text: string }
const WAIT = 'wait'

/** How long a pod may be busy with something else before it is kept after all, ms. */
const STOP_WITHIN_MS = 30 * MINUTE_MS
const FETCH_AGAIN_MS = 2 * MINUTE_MS
const MAX_FETCHES = 5

/** What a person asked for after a job passed: its results, and then a stop of the pod. */
export interface FollowUps {
  tick(): void
  /** How far the results of each run are that are fetched now, 0 to 1. */
  readonly fetching: ReadonlyMap<string, number>
  /** Fetches results of a job, and marks it meanwhile. */
  fetch(job: Job, queuePod: QueuePod, folder: string): Promise<Result<FetchedResults, FetchError>>
}

export interface FollowUpsOptions extends Pick<
  QueueOptions,
  'pods' | 'isGone' | 'resultFiles' | 'stopPod' | 'report'
> {
  readonly clock: Pick<Clock, 'now'>
  readonly store: JobStore
  readonly hostOf: HostOf
  readonly isActing: () => boolean
  /** Whether what was found out may still be written down. */
  readonly mayRecord: () => boolean
  readonly onChange: () => void
}

export function createFollowUps(options: FollowUpsOptions): FollowUps {
  const { clock, store } = options
  const fetching = new Map<string, number>()
  /** Since when the pod of a run is to be stopped. */
  const stopDueSince = new Map<string, Instant>()
  const fetches = new Map<string, { readonly at: Instant; readonly count: number }>()
  /** Where the results of a run go that are fetched on their own. */
  const folders = new Map<string, string>()

  /** Ends what was to follow a run. What follows a later one of the same job goes on. */
  function finish(job: Job, message: string | null): void {
    const runId = runIdOf(job)
    fetches.delete(runId)
    folders.delete(runId)
    stopDueSince.delete(runId)
    const applied = store.apply(job.id, { kind: 'follow-up-done', runId, message })
    if (!applied.ok) options.report(`The state of job ${job.id} was not saved`, applied.error)
  }

  const makeFolder = ({ spec, runCount }: Job, folder: string): Result<string, string> =>
    options.resultFiles.makeFolder(folder, `${spec.name}-${runCount}`)

  /** The folder of the last try, which has what came by then. */
  function folderOf(job: Job, folder: string): Result<string, string> {
    const known = folders.get(runIdOf(job))
    if (known !== undefined) return ok(known)
    const made = makeFolder(job, folder)
    if (made.ok) folders.set(runIdOf(job), made.value)
    return made
  }

  async function fetch(
    job: Job,
    queuePod: QueuePod,
    toFolder: () => Result<string, string>,
  ): Promise<Result<FetchedResults, FetchError>> {
    const host = options.hostOf(parsePodKey(queuePod.key).accountId)
    const runId = runIdOf(job)
    const mark = (part: number): void => {
      fetching.set(runId, part)
      options.onChange()
    }
    mark(0)
    try {
      return await fetchResults(job, queuePod, host, toFolder, (received, total) => {
        // Whole percents are enough for display.
        const part = total === 0 ? 0 : Math.floor((received / total) * 100) / 100
        if (part !== fetching.get(runId)) mark(part)
      })
    } finally {
      fetching.delete(runId)
      options.onChange()
    }
  }

  async function fetchInto(job: Job, queuePod: QueuePod, folder: string): Promise<void> {
    const runId = runIdOf(job)
    const count = (fetches.get(runId)?.count ?? 0) + 1
    fetches.set(runId, { at: clock.now(), count })
    const fetched = await fetch(job, queuePod, () => folderOf(job, folder))
    if (!options.mayRecord()) return
    if (fetched.ok) finish(job, null)
    else if (!fetched.error.isPassing || count >= MAX_FETCHES)
      finish(job, `Its results were not fetched, so its pod keeps running: ${fetched.error.message}`)
  }

  /** Why the pod isn't stopped; null: it is. */
  function stopProblem(job: Job, { key, pod, activity, guard, hasOpenAction }: QueuePod): StopProblem | null {
    const name = plainName(pod.name)
    const dueSince = stopDueSince.get(runIdOf(job)) ?? clock.now()
    stopDueSince.set(runIdOf(job), dueSince)
    if (pod.startedAtMs === null || job.run?.podStartedAtMs == null)
      return { text: `It isn’t known whether ${name} was started again since, so it keeps running.` }
    if (pod.startedAtMs !== job.run.podStartedAtMs)
      return { text: `${name} was started again since, so it keeps running.` }
    if (guard.keepOn !== null) return { text: `You keep ${name} running, so it was not stopped.` }
    if (pod.isLocked !== false || pod.clusterId !== null) return { text: `${name} can’t be stopped.` }
    if (!isDataKept(dataImpact(pod, 'stop')))
      return { text: `${name} keeps running, because nothing on it would certainly survive a stop.` }
    const isInUse = hasOpenAction || store.activeOn(key).length > 0 || activity.kind !== 'idle'
    if (!isInUse) return null
    return elapsedMs(dueSince, clock.now()) < STOP_WITHIN_MS
      ? WAIT
      : { text: `${name} is in use by something else, so it keeps running.` }
  }

  function stop(job: Job, queuePod: QueuePod): void {
    const problem = stopProblem(job, queuePod)
    if (problem === WAIT) return
    if (problem !== null) return finish(job, problem.text)
    const stopped = options.stopPod(queuePod.key)
    finish(job, stopped.ok ? null : stopped.error)
  }

  function isFetchDue(job: Job): boolean {
    const last = fetches.get(runIdOf(job))
    if (fetching.has(runIdOf(job))) return false
    return last === undefined || elapsedMs(last.at, clock.now()) >= FETCH_AGAIN_MS
  }

  return {
    fetching,
    fetch: (job, queuePod, folder) => fetch(job, queuePod, () => makeFolder(job, folder)),
    tick() {
      const pods = options.pods()
      for (const job of store.jobs()) {
        if (job.followUp === null || job.run === null) continue
        const { podKey } = job.run
        const queuePod = pods.find(({ key }) => key === podKey)
        if (queuePod === undefined && options.isGone(podKey)) finish(job, endedText(job, 'gone'))
        if (queuePod === undefined || !queuePod.isObserved) continue
        const folder = job.spec.resultsFolder
        if (queuePod.pod.phase === 'stopped') finish(job, endedText(job, 'stopped'))
        else if (queuePod.pod.phase !== 'running') continue
        else if (job.followUp === 'stop') stop(job, queuePod)
        else if (folder === null) finish(job, 'There is no folder for its results.')
        else if (isFetchDue(job))
          void fetchInto(job, queuePod, folder).catch((cause: unknown) =>
            options.report(`The results of job ${job.id} were not fetched`, cause),
          )
      }
    },
  }
}

const endedText = ({ followUp }: Job, pod: 'gone' | 'stopped'): string =>
  followUp === 'results' ? `Its results were not fetched, because its pod is ${pod}.` : `Its pod is ${pod}.`

const runIdOf = ({ run }: Job): string => run?.id ?? ''
