import { elapsedMs, type Instant, MINUTE_MS, SECOND_MS } from '../base/time/time'
import { parsePodKey, type PodKey } from '../pods/pod'
import { plainName } from '../pods/pod-name'
import type { Job, JobRun } from './jobs/job'
import { type JobEvent, requestAfter } from './jobs/job-events'
import type { JobHost, JobReading } from './host/job-host'
import type { QueueContext, QueueOptions } from './queue-ports'
import type { QueuePod } from './schedule/schedule'
import { activeRun } from './jobs/job-phase'

export const READ_EVERY_MS = 20 * SECOND_MS
/** After a request of which it isn't known what became of it. */
export const READ_SOON_MS = 5 * SECOND_MS
const MAX_READ_EVERY_MS = 2 * MINUTE_MS
const MISSING_AFTER_MS = 2 * MINUTE_MS

/** Finds out what becomes of started jobs, one request to a pod at a time. */
export interface PodReader {
  /** Asks each pod that is due. */
  tick(): void
  /** Asks the pod soon, such as after a start. */
  expect(key: PodKey): void
  /** Asks the pod at the next opportunity. */
  readNow(key: PodKey): void
  /** Runs `request` after what is under way on that pod. Never rejects. */
  runOn(key: PodKey, request: () => Promise<void>): Promise<void>
  /** Resolves once nothing is under way. */
  settled(): Promise<void>
}

export interface PodReaderOptions
  extends Pick<QueueOptions, 'pods' | 'isGone' | 'report'>, Omit<QueueContext, 'onChange'> {
  /** Sends the start of a run again. */
  readonly send: (job: Job, queuePod: QueuePod) => Promise<void>
}

interface PodTurn {
  readonly readAt: Instant
  readonly waitMs: number
}

export function createPodReader(options: PodReaderOptions): PodReader {
  const { clock, store } = options
  const turns = new Map<PodKey, PodTurn>()
  /** Since when a pod of a job is on no list. At a start, lists come in first. */
  const missingSince = new Map<PodKey, Instant>()
  const underWay = new Map<PodKey, Promise<void>>()

  function apply(jobId: string, event: JobEvent): void {
    const applied = store.apply(jobId, event)
    if (!applied.ok) options.report(`The state of job ${jobId} was not saved`, applied.error)
  }

  const hostOf = ({ key }: QueuePod): JobHost => options.hostOf(parsePodKey(key).accountId)
  const findPod = (key: PodKey): QueuePod | null => options.pods().find((one) => one.key === key) ?? null

  function isDue(key: PodKey): boolean {
    const turn = turns.get(key)
    return turn === undefined || elapsedMs(turn.readAt, clock.now()) >= turn.waitMs
  }

  function waitFor(key: PodKey, waitMs: number): void {
    turns.set(key, { readAt: clock.now(), waitMs })
  }

  function activeRuns(key: PodKey): readonly { readonly job: Job; readonly run: JobRun }[] {
    return store.activeOn(key).flatMap((job) => (job.run === null ? [] : [{ job, run: job.run }]))
  }

  function runOn(key: PodKey, request: () => Promise<void>): Promise<void> {
    const before = underWay.get(key) ?? Promise.resolve()
    const after = before
      .then(async () => {
        if (options.isActing()) await request()
      })
      .catch((cause: unknown) => options.report(`A request about jobs on ${key} failed`, cause))
      .finally(() => {
        if (underWay.get(key) === after) underWay.delete(key)
      })
    underWay.set(key, after)
    return after
  }

  /** Why the pod can't be asked; null: it can. */
  function unaskableReason(queuePod: QueuePod | null): string | null {
    if (queuePod === null) return 'Its pod is not on any list that could be read.'
    const name = plainName(queuePod.pod.name)
    if (queuePod.pod.phase === 'stopped')
      return `${name} is stopped. Podkeeper checks the job once the pod runs again.`
    return queuePod.pod.phase === 'running' ? null : `${name} is not running.`
  }

  function isMissingForLong(key: PodKey): boolean {
    const now = clock.now()
    const since = missingSince.get(key) ?? now
    missingSince.set(key, since)
    return options.isGone(key) || elapsedMs(since, now) >= MISSING_AFTER_MS
  }

  function handleUnaskable(key: PodKey, queuePod: QueuePod | null, message: string): void {
    for (const { job, run } of activeRuns(key)) {
      if (queuePod === null && options.isGone(key)) apply(job.id, { kind: 'pod-gone', runId: run.id })
      else if (queuePod?.pod.phase === 'stopped' && queuePod.isObserved && job.isCanceling)
        apply(job.id, { kind: 'cancel', isPodStopped: true })
      else apply(job.id, { kind: 'unreachable', runId: run.id, message })
    }
  }

  function handleReading(
    reading: JobReading,
    queuePod: QueuePod,
    isClaim: boolean,
  ): 'send' | 'cancel' | null {
    const found = activeRuns(queuePod.key).find(({ run }) => run.id === reading.jobId)
    if (found === undefined) return null
    const { startedAtMs } = queuePod.pod
    apply(found.job.id, { kind: 'reading', reading, podStartedAtMs: startedAtMs, isClaim })
    const after = store.job(found.job.id)
    return after === null || after.run?.id !== reading.jobId
      ? null
      : requestAfter(after, reading, startedAtMs, clock.now())
  }

  async function cancel(jobId: string, runId: string, queuePod: QueuePod): Promise<void> {
    if (!options.isActing()) return
    const reply = await hostOf(queuePod).cancel(queuePod.pod, runId)
    if (!options.mayRecord()) return
    if (reply.ok) handleReading(reply.value, queuePod, true)
    else apply(jobId, { kind: 'unreachable', runId, message: reply.error.message })
  }

  async function read(key: PodKey): Promise<void> {
    const queuePod = findPod(key)
    const reason = unaskableReason(queuePod)
    if (queuePod === null || reason !== null) {
      waitFor(key, READ_EVERY_MS)
      if (queuePod === null && !isMissingForLong(key)) return
      return handleUnaskable(key, queuePod, reason ?? '')
    }
    missingSince.delete(key)
    const runs = activeRuns(key)
    const lastWaitMs = turns.get(key)?.waitMs ?? READ_EVERY_MS
    waitFor(key, READ_EVERY_MS)
    for (const { job, run } of runs) if (job.isCanceling) await cancel(job.id, run.id, queuePod)
    const others = activeRuns(key).filter(({ job }) => !job.isCanceling)
    if (others.length === 0 || !options.isActing()) return
    const reply = await hostOf(queuePod).read(
      queuePod.pod,
      others.map(({ run }) => run.id),
    )
    if (!options.mayRecord()) return
    if (!reply.ok) {
      waitFor(key, Math.min(MAX_READ_EVERY_MS, Math.max(READ_EVERY_MS, lastWaitMs * 2)))
      for (const { job, run } of others)
        apply(job.id, { kind: 'unreachable', runId: run.id, message: reply.error.message })
      return
    }
    for (const reading of reply.value) {
      const next = handleReading(reading, queuePod, false)
      const job = others.find(({ run }) => run.id === reading.jobId)?.job
      const current = job === undefined ? null : store.job(job.id)
      if (next === null || current === null) continue
      if (next === 'send') await options.send(current, queuePod)
      else await cancel(current.id, reading.jobId, queuePod)
    }
  }

  return {
    tick() {
      const keys = new Set(store.jobs().flatMap((job) => activeRun(job)?.podKey ?? []))
      for (const key of keys) if (!underWay.has(key) && isDue(key)) void runOn(key, () => read(key))
      for (const key of turns.keys()) if (!keys.has(key)) turns.delete(key)
    },
    expect: (key) => waitFor(key, READ_SOON_MS),
    readNow: (key) => void turns.delete(key),
    runOn,
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay.values())
    },
  }
}
