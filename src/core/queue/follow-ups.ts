import type { StopAfterJob } from '../idle/sample'
import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import { plainName } from '../pods/pod-name'
import type { Job } from './jobs/job'
import { isDone } from './jobs/job-phase'
import type { QueueContext, QueueOptions } from './queue-ports'
import { type FetchedResults, type FetchError, fetchResults } from './results'
import type { Result } from '../base/result'
import { parsePodKey, type PodKey } from '../pods/pod'
import { STOP_WITHIN_MS } from './pod-releases'
import { followUpAlert } from './queue-text'
import type { QueuePod } from './schedule/schedule'
import { isAtRest, isLookWanted, maySpareData, stopObstacle } from './schedule/stop-after-job'

/** Why a pod isn't stopped: a sentence, or that it has to wait. */
type StopProblem = typeof WAIT | { readonly text: string }
const WAIT = 'wait'

/** Between two tries: this, then twice as long each time, and at most that. */
const FETCH_AGAIN_MS = 2 * MINUTE_MS
const MAX_FETCH_AGAIN_MS = 30 * MINUTE_MS
/** Results that couldn't be fetched for so long are alerted; what doesn't pass by itself at once. */
const FETCH_ALERT_MS = 60 * MINUTE_MS

/** What a person asked for after a job passed: its results, and then a stop of the pod. */
export interface FollowUps {
  tick(): void
  /** How far the results of each run are that are fetched now, 0 to 1. */
  readonly fetching: ReadonlyMap<string, number>
  readonly isFetchingFrom: (key: PodKey) => boolean
  readonly stopAfterJob: (key: PodKey) => StopAfterJob
  /** Fetches results of a job, and marks it meanwhile. */
  fetch(job: Job, queuePod: QueuePod, folder: string): Promise<Result<FetchedResults, FetchError>>
}

export type FollowUpsOptions = QueueContext &
  Pick<
    QueueOptions,
    'pods' | 'isGone' | 'resultFiles' | 'stopPod' | 'refreshPod' | 'wantLook' | 'announce' | 'report'
  >

interface Failures {
  readonly since: Instant
  readonly at: Instant
  readonly count: number
}

export function createFollowUps(options: FollowUpsOptions): FollowUps {
  const { clock, store, resultFiles } = options
  const fetching = new Map<string, number>()
  /** Since when the pod of a run is to be stopped. */
  const stopDueSince = new Map<string, Instant>()
  const stopping = new Set<string>()
  /** Runs whose pod couldn't be read right before its stop. */
  const unread = new Set<string>()
  /** Tries that failed since something of the results arrived, by run. */
  const failures = new Map<string, Failures>()
  const fetchingFrom: PodKey[] = []

  /** Ends what was to follow a run. What follows a later one of the same job goes on. */
  function finish(job: Job, message: string | null): void {
    const runId = runIdOf(job)
    failures.delete(runId)
    stopDueSince.delete(runId)
    unread.delete(runId)
    const { resultsFolder } = job.spec
    if (message !== null && job.followUp === 'results' && resultsFolder !== null)
      resultFiles.removeParts(resultsFolder, labelOf(job))
    const applied = store.apply(job.id, { kind: 'follow-up-done', runId, message })
    if (!applied.ok) options.report(`The state of job ${job.id} was not saved`, applied.error)
  }

  const isFetchingFrom = (key: PodKey): boolean => fetchingFrom.includes(key)
  const findPod = (key: PodKey): QueuePod | undefined => options.pods().find((one) => one.key === key)

  const labelOf = ({ id, spec, runCount }: Job): string => `${spec.name}-${runCount}-${id.slice(0, 8)}`

  /** One that is over always gets the same folder, so that what is there isn't fetched again. */
  const folderOf = (job: Job, folder: string): Result<string, string> =>
    isDone(job) ? resultFiles.openFolder(folder, labelOf(job)) : resultFiles.makeFolder(folder, labelOf(job))

  async function fetch(
    job: Job,
    queuePod: QueuePod,
    folder: string,
  ): Promise<Result<FetchedResults, FetchError>> {
    const host = options.hostOf(parsePodKey(queuePod.key).accountId)
    const runId = runIdOf(job)
    const mark = (part: number): void => {
      fetching.set(runId, part)
      options.onChange()
    }
    fetchingFrom.push(queuePod.key)
    mark(0)
    try {
      const toFolder = (): Result<string, string> => folderOf(job, folder)
      return await fetchResults(job, queuePod, host, toFolder, resultFiles, (received, total) => {
        // Whole percents are enough for display.
        const part = total === 0 ? 0 : Math.floor((received / total) * 100) / 100
        if (part !== fetching.get(runId)) mark(part)
      })
    } finally {
      fetching.delete(runId)
      fetchingFrom.splice(fetchingFrom.indexOf(queuePod.key), 1)
      options.onChange()
    }
  }

  async function fetchInto(job: Job, queuePod: QueuePod, folder: string): Promise<void> {
    const fetched = await fetch(job, queuePod, folder)
    if (!options.mayRecord()) return
    if (fetched.ok) finish(job, null)
    else noteFailure(job, fetched.error)
  }

  /** The pod is stopped only once the results are here, so they are never given up while it runs. */
  function noteFailure(job: Job, { message, isPassing }: FetchError): void {
    const { run } = job
    if (run === null) return
    const now = clock.now()
    const before = failures.get(run.id)
    const since = before?.since ?? now
    failures.set(run.id, { since, at: now, count: (before?.count ?? 0) + 1 })
    const text = `Its results could not be fetched yet: ${message}`
    const applied = store.apply(job.id, { kind: 'follow-up-failed', runId: run.id, message: text })
    if (!applied.ok) options.report(`The state of job ${job.id} was not saved`, applied.error)
    if (!isPassing || elapsedMs(since, now) >= FETCH_ALERT_MS)
      options.announce(parsePodKey(run.podKey).accountId, followUpAlert(job, run, 'results', message))
  }

  /** Why the pod isn't stopped; null: it is. */
  function stopProblem(job: Job, queuePod: QueuePod): StopProblem | null {
    const { key, pod } = queuePod
    const name = plainName(pod.name)
    if (pod.startedAtMs === null || job.run?.podStartedAtMs == null)
      return { text: `It isn’t known whether ${name} was started again since, so it keeps running.` }
    if (pod.startedAtMs !== job.run.podStartedAtMs)
      return { text: `${name} was started again since, so it keeps running.` }
    const obstacle = stopObstacle(queuePod)
    if (obstacle !== null) return { text: obstacle }
    if (!maySpareData(queuePod))
      return { text: `${name} keeps running, because nothing on it would certainly survive a stop.` }
    if (queuePod.areStopsPaused === true) {
      stopDueSince.delete(runIdOf(job))
      return WAIT
    }
    const dueSince = stopDueSince.get(runIdOf(job)) ?? clock.now()
    stopDueSince.set(runIdOf(job), dueSince)
    if (isAtRest(queuePod, store.jobs()) && !isFetchingFrom(key)) return null
    if (isLookWanted(queuePod, store.jobs())) options.wantLook(key)
    return elapsedMs(dueSince, clock.now()) < STOP_WITHIN_MS
      ? WAIT
      : { text: `${name} is in use by something else, so it keeps running.` }
  }

  function keep(job: Job, why: string): void {
    finish(job, why)
    const { run } = job
    if (run !== null)
      options.announce(parsePodKey(run.podKey).accountId, followUpAlert(job, run, 'stop', why))
  }

  /** Reads the pod again right before. */
  async function stop(job: Job, queuePod: QueuePod): Promise<void> {
    const runId = runIdOf(job)
    const isRead = await options.refreshPod(queuePod.key)
    if (isRead) unread.delete(runId)
    else unread.add(runId)
    const [current, now] = [store.job(job.id), findPod(queuePod.key)]
    if (!isRead || !options.isActing() || current?.followUp !== 'stop' || runIdOf(current) !== runId) return
    if (now === undefined || !now.isObserved || now.pod.phase !== 'running') return
    const problem = stopProblem(current, now)
    if (problem === WAIT) return
    if (problem !== null) return keep(current, problem.text)
    const stopped = options.stopPod(now.key)
    if (stopped.ok) finish(current, null)
    else keep(current, stopped.error)
  }

  function stopIfDue(job: Job, queuePod: QueuePod): void {
    const problem = stopProblem(job, queuePod)
    if (problem === WAIT || stopping.has(job.id)) return
    if (problem !== null) return keep(job, problem.text)
    stopping.add(job.id)
    void stop(job, queuePod)
      .catch((cause: unknown) => options.report(`The pod of job ${job.id} was not stopped`, cause))
      .finally(() => stopping.delete(job.id))
  }

  function isFetchDue(job: Job): boolean {
    if (fetching.has(runIdOf(job))) return false
    const last = failures.get(runIdOf(job))
    if (last === undefined) return true
    const waitMs = Math.min(MAX_FETCH_AGAIN_MS, FETCH_AGAIN_MS * 2 ** Math.min(last.count - 1, 10))
    return elapsedMs(last.at, clock.now()) >= waitMs
  }

  function stopAfterJob(key: PodKey): StopAfterJob {
    const job = store.jobs().find(({ followUp, run }) => followUp === 'stop' && run?.podKey === key)
    const queuePod = findPod(key)
    if (job === undefined) return null
    // It isn't listed so far.
    if (queuePod === undefined) return options.isGone(key) ? null : 'unread'
    if (queuePod.areStopsPaused === true || stopObstacle(queuePod) !== null) return null
    return queuePod.isObserved && !unread.has(runIdOf(job)) ? 'due' : 'unread'
  }

  return {
    fetching,
    isFetchingFrom,
    stopAfterJob,
    fetch,
    tick() {
      for (const job of store.jobs()) {
        if (job.followUp === null || job.run === null) continue
        const { podKey } = job.run
        const queuePod = findPod(podKey)
        if (queuePod === undefined && options.isGone(podKey)) finish(job, endedText(job, 'gone'))
        if (queuePod === undefined || !queuePod.isObserved) continue
        const folder = job.spec.resultsFolder
        if (queuePod.pod.phase === 'stopped') finish(job, endedText(job, 'stopped'))
        else if (queuePod.pod.phase !== 'running') continue
        else if (job.followUp === 'stop') stopIfDue(job, queuePod)
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
