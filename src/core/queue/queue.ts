import { createListeners } from '../base/listeners'
import { SECOND_MS } from '../base/time/time'
import { type AccountId, parsePodKey, type PodId, type PodKey } from '../pods/pod'
import type { JobUse, StopAfterJob } from '../idle/sample'
import { plainName } from '../pods/pod-name'
import type { HostKeyOutlook } from '../terminal/seen-host-key'
import type { Job } from './jobs/job'
import { createAutoScheduler } from './auto-scheduler'
import { createCountdowns } from './schedule/countdowns'
import { createFollowUps } from './follow-ups'
import type { QueueRecord } from './jobs/job-codec'
import { applyEvent, type JobEvent } from './jobs/job-events'
import { createJobRequests, type JobRequests } from './job-requests'
import { createJobStarter } from './job-starter'
import { ownsPod } from './jobs/request-events'
import { createJobStore } from './jobs/job-store'
import { createJobUses } from './jobs/job-use'
import { ranOutOfGpuMemory } from './job-log'
import { createPodReader } from './pod-reader'
import { noJobs } from './host/job-host'
import type { QueueOptions } from './queue-ports'
import { endedAlert, jobEntry, unreachableAlert } from './queue-text'
import {
  type DoneJobsPage,
  emptyQueue,
  type QueueView,
  type QueueViewSources,
  toDoneJobs,
  toQueueView,
} from './queue-view'
import { createRunCosts } from './run-costs'
import { jobsFor } from './schedule/schedule'
import { isActive, isDone } from './jobs/job-phase'

const TICK_MS = 5 * SECOND_MS

/** The queue of one data folder. See docs/product-rules.md#15-queue-of-experiments. */
export interface Queue {
  readonly requests: JobRequests
  view(): QueueView
  /** The first jobs that are over and in which all words of `search` are found. */
  doneJobs(search: string, maxCount: number): DoneJobsPage
  /** The pods that it knows. */
  podNames(): readonly { readonly key: PodKey; readonly name: string }[]
  /** What can be expected of the host key of a pod that doesn't run. */
  keyOutlook(key: PodKey): HostKeyOutlook
  /** Whether a job keeps the pod busy, or did. */
  useOf(key: PodKey): JobUse
  /** The names of the jobs that the pod could run now, the first in front. */
  waitingJobNames(key: PodKey): readonly string[]
  /** The maximum hours of the pods of an account that were requested for jobs, from their start. */
  maxHours(accountId: AccountId): ReadonlyMap<PodId, number>
  /** Whether the pod is to be stopped after a job. */
  stopAfterJob(key: PodKey): StopAfterJob
  /** This program acts on the data folder from now on: takes over what another one left. */
  takeOver(): void
  /** Something that it looks at may have changed, such as a list of pods. */
  refresh(): void
  start(): void
  /** Sends nothing any more, and resolves once what was sent is answered. */
  shutDown(): Promise<void>
  dispose(): void
  /** Calls back after each change of its view. */
  subscribe(listener: () => void): () => void
}

export function createQueue(options: QueueOptions): Queue {
  const { clock, pods, report } = options
  const hostOf = options.hostOf ?? (() => noJobs)
  const listeners = createListeners()
  const costOf = createRunCosts(options.costOf)
  const countdowns = createCountdowns()
  let isShuttingDown = false
  let isDisposed = false
  /** What another program wrote when it was read last. */
  let shownRecords: readonly QueueRecord[] | null = null
  /** Null: none is due. */
  let cancelTick: (() => void) | null = null
  let isStarted = false
  const announcing = new Set<Promise<void>>()

  const mayRecord = (): boolean => !isDisposed && options.mayAct()
  const isActing = (): boolean => !isShuttingDown && mayRecord()
  const store = createJobStore({ clock, journal: options.journal, onChange: handleChange })
  const uses = createJobUses(clock, store, (key) => followUps.isFetchingFrom(key))
  /** What the parts of the queue share. */
  const context = { ...options, hostOf, store, isActing, mayRecord, onChange: changed }
  const starter = createJobStarter({
    ...context,
    runOn: (key, request) => reader.runOn(key, request),
    expect: (key) => reader.expect(key),
  })
  const reader = createPodReader({ ...context, send: (job, queuePod) => starter.send(job, queuePod) })
  const followUps = createFollowUps(context)
  const { isFetchingFrom } = followUps
  const autoScheduler = createAutoScheduler({ ...context, starter, countdowns, isFetchingFrom })

  function changed(): void {
    if (isDisposed) return
    listeners.notify()
    scheduleTick()
  }

  function handleChange(before: Job | null, after: Job | null, event: JobEvent | null): void {
    const entry = jobEntry(before, after, event, clock.now().wallMs)
    if (entry !== null) options.record(entry)
    if (after === null) options.secrets.remove(before?.id ?? '')
    if (before !== null) uses.noteChange(before, after)
    if (before !== null && after !== null && isActive(before) && !isActive(after)) announceSoon(before, after)
    changed()
  }

  function announceSoon(before: Job, after: Job): void {
    const announced = announceEnd(before, after)
      .catch((cause: unknown) => report(`The end of job ${after.id} was not announced`, cause))
      .finally(() => announcing.delete(announced))
    announcing.add(announced)
  }

  /** The end is on disk before this; only the words of the notification of a failure wait for the log. */
  async function announceEnd(before: Job, after: Job): Promise<void> {
    const cost = costOf(after, clock.now().wallMs)
    const { run } = after
    if (endedAlert(before, after, cost) === null || run === null) return
    const mayBeMemory = isActing() && run.exitCode !== null && run.exitCode !== 0
    const isMemory = mayBeMemory && (await ranOutOfGpuMemory(run, hostOf, options))
    const known = isMemory ? applyEvent(after, { kind: 'out-of-memory', runId: run.id }, clock.now()) : after
    if (isMemory && mayRecord()) store.apply(after.id, { kind: 'out-of-memory', runId: run.id })
    const alert = endedAlert(before, known, cost)
    if (alert !== null && !isDisposed) options.announce(alert.key.accountId, alert)
  }

  /** A job that can't be reached holds nothing after 30 min, and one alert says so. */
  function checkUnreachable(): void {
    for (const job of store.jobs()) {
      const { run } = job
      if (!isActive(job) || run === null || run.isUnreachableAlerted || uses.holds(job)) continue
      const applied = store.apply(job.id, { kind: 'unreachable-alerted', runId: run.id })
      if (applied.ok) options.announce(accountOf(run.podKey), unreachableAlert(job, run))
    }
  }

  function refresh(): void {
    if (options.hostOf === null || !isActing()) return
    store.dropRemoved()
    reader.tick()
    followUps.tick()
    checkUnreachable()
    autoScheduler.tick()
  }

  /** Once after each change, and then as long as there is something to follow. */
  function scheduleTick(): void {
    if (!isStarted || isDisposed || isShuttingDown) return
    cancelTick ??= clock.schedule(TICK_MS, () => {
      cancelTick = null
      if ([...store.jobs(), ...store.podOwners()].some(isOpen) || countdowns.views().length > 0)
        scheduleTick()
      refresh()
    })
  }

  function endTicks(): void {
    cancelTick?.()
    cancelTick = null
  }

  /** While another program acts, what it wrote is shown. */
  function synchronize(): void {
    if (isDisposed || options.mayAct()) return
    const records = options.readElsewhere()
    if (records !== shownRecords) uses.load(records)
    shownRecords = records
  }

  function viewSources(): QueueViewSources {
    synchronize()
    return {
      jobs: store.jobs(),
      pods: pods(),
      rules: store.rules(),
      countdowns: countdowns.views(),
      experiments: options.experiments(),
      fetching: followUps.fetching,
      readOnlyReason: options.readOnlyReason(),
      costOf,
      nowMs: clock.now().wallMs,
    }
  }

  return {
    requests: createJobRequests({ ...context, starter, reader, followUps, countdowns, refresh }),
    view: () => (isDisposed ? emptyQueue : toQueueView(viewSources())),
    doneJobs: (search, maxCount) =>
      isDisposed ? { jobs: [], count: 0 } : toDoneJobs(viewSources(), search, maxCount),
    podNames: () => pods().map(({ key, pod }) => ({ key, name: pod.name })),
    keyOutlook: (key) => options.podSources.keyOutlook(key),
    useOf(key) {
      synchronize()
      return uses.useOf(key)
    },
    waitingJobNames(key) {
      synchronize()
      const queuePod = pods().find((one) => one.key === key)
      if (queuePod === undefined || store.rules().isPaused) return []
      return jobsFor(queuePod, store.jobs()).map(({ spec }) => plainName(spec.name))
    },
    maxHours: autoScheduler.maxHours,
    stopAfterJob: followUps.stopAfterJob,
    takeOver() {
      shownRecords = null
      uses.load(options.journal.latest())
      changed()
      refresh()
    },
    refresh,
    start() {
      uses.load(options.journal.latest())
      isStarted = true
      scheduleTick()
      refresh()
    },
    async shutDown() {
      isShuttingDown = true
      endTicks()
      await reader.settled()
      await Promise.all(announcing)
      isDisposed = true
    },
    dispose() {
      isDisposed = true
      endTicks()
    },
    subscribe: listeners.add,
  }
}

/** Whether anything may still become of it without a person. */
const isOpen = (job: Job): boolean =>
  !isDone(job) || job.followUp !== null || (job.podRequest?.state ?? 'ended') !== 'ended' || ownsPod(job)

const accountOf = (key: PodKey): AccountId => parsePodKey(key).accountId
