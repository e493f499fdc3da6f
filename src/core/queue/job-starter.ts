import { fail, ok, type Result } from '../base/result'
import { parsePodKey, type Pod, type PodKey } from '../pods/pod'
import type { Environment } from '../pods/pod-request'
import { type HostKeyAcceptance, isSameHostKey } from '../terminal/seen-host-key'
import type { Job, JobRun, PodRequest } from './jobs/job'
import { mayAcceptKey } from './jobs/request-events'
import type { JobHost, JobLaunch } from './host/job-host'
import type { QueueContext, QueueOptions } from './queue-ports'
import { isNewKeyAllowed } from './schedule/new-keys'
import { gpusOf, type QueuePod, startProblem } from './schedule/schedule'
import { activeRun } from './jobs/job-phase'

/** Starts jobs. A start is on disk before anything of it is sent. */
export interface JobStarter {
  /**
   * Resolves once the start is written down and on its way; the error is a sentence. A person can start a job on hold,
   * which stays there where that fails. `mayStart`: asked again right before, because a keyring may take its time.
   */
  start(
    jobId: string,
    key: PodKey,
    startedBy: JobRun['startedBy'],
    mayStart?: () => boolean,
  ): Promise<Result<void, string>>
  /** Sends the start of the job's run, which may have been sent before, unless it is over or canceled meanwhile. */
  send(job: Job, queuePod: QueuePod, variables?: Environment): Promise<void>
}

export interface JobStarterOptions
  extends Pick<QueueOptions, 'pods' | 'secrets' | 'report'>, Omit<QueueContext, 'onChange'> {
  readonly runOn: (key: PodKey, request: () => Promise<void>) => Promise<void>
  /** A reply may have been lost, so the pod is to be asked soon. */
  readonly expect: (key: PodKey) => void
}

export function createJobStarter(options: JobStarterOptions): JobStarter {
  const { store } = options

  /** The values of its variables; the error is a sentence. */
  async function readVariables({ id, spec }: Job): Promise<Result<Environment, string>> {
    if (spec.variableNames.length === 0) return ok({})
    const loaded = await options.secrets.load(id)
    if (!loaded.ok) return loaded
    const missing = spec.variableNames.filter((name) => !Object.hasOwn(loaded.value, name))
    return missing.length === 0
      ? loaded
      : fail(`The values of ${missing.join(', ')} are missing. Edit the job and enter them again.`)
  }

  async function send(job: Job, queuePod: QueuePod, known?: Environment): Promise<void> {
    const { run } = job
    if (run === null) return
    const variables = known === undefined ? await readVariables(job) : ok(known)
    if (!options.isActing() || !isWanted(job.id, run.id)) return
    if (!variables.ok)
      return apply(job, run.id, fail({ kind: 'failed', message: variables.error, isUnclear: false }))
    const acceptance = acceptanceFor(job.id, queuePod.key, queuePod.pod, options)
    const reply = await options
      .hostOf(parsePodKey(queuePod.key).accountId)
      .start(queuePod.pod, launchOf(job, run, variables.value, store.activeOn(queuePod.key)), acceptance)
    // Whoever acts next finds out by reading.
    if (options.mayRecord()) apply(job, run.id, reply)
    options.expect(queuePod.key)
  }

  /** Whether the run is still to be started: a keyring and other requests to the pod take their time. */
  function isWanted(jobId: string, runId: string): boolean {
    const job = store.job(jobId)
    return job !== null && activeRun(job)?.id === runId && !job.isCanceling
  }

  function apply(job: Job, runId: string, reply: Awaited<ReturnType<JobHost['start']>>): void {
    const applied = store.apply(job.id, { kind: 'start-reply', runId, reply })
    if (!applied.ok) options.report(`The state of job ${job.id} was not saved`, applied.error)
  }

  /** The job and the pod if it can be started there now. */
  function check(
    jobId: string,
    key: PodKey,
    startedBy: JobRun['startedBy'],
  ): Result<{ job: Job; queuePod: QueuePod }, string> {
    const job = store.job(jobId)
    const queuePod = options.pods().find((one) => one.key === key)
    if (job === null) return fail('That job is not in the queue.')
    if (queuePod === undefined) return fail('That pod is not on the list.')
    if (job.phase !== 'queued' && (job.phase !== 'held' || startedBy !== 'person'))
      return fail('The job is not waiting.')
    const problem = startProblem(job, queuePod, store.jobs())
    return problem === null ? ok({ job, queuePod }) : fail(problem)
  }

  async function start(
    jobId: string,
    key: PodKey,
    startedBy: JobRun['startedBy'],
    mayStart: () => boolean = () => true,
  ): Promise<Result<void, string>> {
    const before = check(jobId, key, startedBy)
    if (!before.ok) return before
    // A keyring may ask for its password, so nothing is begun before.
    const variables = await readVariables(before.value.job)
    if (!options.isActing()) return fail('Podkeeper is quitting.')
    const now = check(jobId, key, startedBy)
    if (!now.ok) return now
    const { job, queuePod } = now.value
    // It was edited meanwhile, and may have other values.
    if (job.spec !== before.value.job.spec) return start(jobId, key, startedBy, mayStart)
    if (!variables.ok) return variables
    if (!mayStart()) return fail('It can no longer be started there automatically.')
    const { pod } = queuePod
    const gpuIndexes = gpusOf(job, pod, store.jobs(), key)
    if (gpuIndexes === 'none') return fail('The pod is running another job.')
    const run = {
      podKey: key,
      podName: pod.name,
      gpuIndexes,
      podGpuCount: pod.gpu?.count ?? null,
      podStartedAtMs: pod.startedAtMs,
      perHourUsd: pod.costPerHourUsd,
      startedBy,
    }
    const released = job.phase === 'held' ? store.apply(jobId, { kind: 'release' }) : ok(job)
    if (!released.ok) return released
    const started = store.apply(jobId, { kind: 'start', run })
    if (!started.ok) return started
    void options.runOn(key, () => send(started.value, queuePod, variables.value))
    return ok(undefined)
  }

  return { start, send }
}

/** Accepts the first host key of the pod (`podKey`) of a job's request, while its start is the one that was requested. */
function acceptanceFor(
  jobId: string,
  podKey: PodRequest['podKey'],
  { startedAtMs }: Pick<Pod, 'startedAtMs'>,
  { store, report }: Pick<JobStarterOptions, 'store' | 'report'>,
): HostKeyAcceptance | null {
  const current = (): PodRequest | null => {
    const request = store.job(jobId)?.podRequest ?? null
    return request?.podKey === podKey && request.podStartedAtMs === startedAtMs ? request : null
  }
  if (current()?.acceptsNewKey !== true) return null
  return {
    mayAccept(key) {
      const request = current()
      if (request?.acceptedKey !== undefined) return isSameHostKey(request.acceptedKey, key)
      return request !== null && mayAcceptKey(request, startedAtMs) && isNewKeyAllowed(store.rules(), request)
    },
    record(key) {
      const request = current()
      if (request === null) return false
      const applied = store.apply(jobId, { kind: 'key-accepted', requestId: request.id, key })
      if (!applied.ok) report(`The host key for job ${jobId} was not saved`, applied.error)
      const accepted = current()?.acceptedKey
      return accepted !== undefined && isSameHostKey(accepted, key)
    },
  }
}

function launchOf(
  { spec }: Job,
  { id, gpuIndexes }: JobRun,
  environment: Environment,
  active: readonly Job[],
): JobLaunch {
  const { command, workingDirectory, files, maxSeconds, variableNames } = spec
  const own = Object.fromEntries(variableNames.map((name) => [name, environment[name] ?? '']))
  const besideIds = active.flatMap(({ run }) => (run === null || run.id === id ? [] : [run.id]))
  return { id, command, workingDirectory, environment: own, files, maxSeconds, gpuIndexes, besideIds }
}
