import { type ApiCaller, mayAccess } from '../../../core/pods-api/api-caller'
import type { ApiNewExperiment } from '../../../core/pods-api/api-schemas'
import type { ApiBackend, ApiLab, ApiListItem, ApiOutcome } from '../../../core/pods-api/api-types'
import { parsePodKey } from '../../../core/pods/pod'
import type { JobState, JobView } from '../../../core/queue/queue-view'
import type { ControlledQueueView } from '../../control/queue-control'
import type { ServerOperations } from '../../servers/server-operations'
import { ApiUnavailable } from '../api-server'
import type { Holder } from './holder'
import { createKeptJobs, type KeptJob } from './kept-jobs'
import type { ServedAccount } from './served-account'
import { readJobLogEnd } from './log-end'
import { serveText } from './serve-text'
import { done, refused, toRefusal } from './token-actions'
import { DEFAULT_MAX_SECONDS, type JobSpec, MAX_JOB_NAME_CHARS } from '../../../core/queue/jobs/job-spec'

export interface ExperimentsOptions {
  readonly holder: Holder
  readonly caller: ApiCaller
  readonly accounts: readonly ServedAccount[]
  /** Null: it could not be read. */
  readonly queue: ControlledQueueView | null
  readonly nowMs: () => number
}

type ShownJob = Pick<JobView, 'id' | 'spec' | 'state' | 'statusText' | 'run' | 'createdAtMs'>
type Status = 'queued' | 'running' | 'pass' | 'fail' | 'blocked'

const statuses: Readonly<Record<JobState, Status>> = {
  queued: 'queued',
  held: 'blocked',
  blocked: 'blocked',
  running: 'running',
  unknown: 'running',
  passed: 'pass',
  failed: 'fail',
  canceled: 'fail',
}

/** The account of a job; null: whichever has a pod that fits. Only callers for all accounts may access such a job. */
export const accountOfJob = ({ spec, run }: Pick<JobView, 'spec' | 'run'>): string | null =>
  run === null ? spec.needs.accountId : parsePodKey(run.podKey).accountId

export interface Experiments extends Required<
  Pick<ApiBackend, 'experiments' | 'addExperiment' | 'cancelExperiment' | 'experimentLog'>
> {
  /** Null: it is not known, because a server has them. */
  readonly count: (lab: ApiLab) => number | null
}

/**
 * The jobs of the queue as experiments. Those for any account are in each. New ones of an account that a server keeps go
 * to its queue.
 */
export function createExperiments(options: ExperimentsOptions): Experiments {
  const { holder, caller, accounts, queue, nowMs } = options
  const kept = createKeptJobs({ holder, caller, accounts })

  function isIn(job: JobView, accountId: string): boolean {
    const own = accountOfJob(job)
    return mayAccess(caller, own) && (own ?? accountId) === accountId
  }

  /** Nobody knows that there are none where they could not be read. */
  function requireJobs(): readonly JobView[] {
    if (queue === null) throw new ApiUnavailable(serveText.noQueue)
    return queue.jobs
  }

  function toItem(job: ShownJob, account: ServedAccount): ApiListItem {
    const { id, spec, state, statusText, run, createdAtMs } = job
    return {
      id,
      body: {
        _id: id,
        labId: account.hubifyLabId ?? account.id,
        experimentId: id,
        title: spec.name,
        status: statuses[state],
        statusText,
        computeMode: spec.needs.gpuType ?? 'CPU',
        priority: spec.priority,
        estimatedSeconds: spec.estimatedSeconds,
        ...(run !== null && { podId: parsePodKey(run.podKey).podId }),
        createdAt: Math.round(createdAtMs),
      },
    }
  }

  /** A job that the caller may see; null: there is none. */
  function find(id: string): { readonly job: JobView; readonly account: ServedAccount } | null {
    const job = requireJobs().find((each) => each.id === id)
    const account = accounts.find((each) => job && mayAccess(caller, each.id) && isIn(job, each.id))
    return job === undefined || account === undefined ? null : { job, account }
  }

  const requireAccount = ({ id }: ApiLab): ServedAccount => {
    const found = accounts.find((account) => account.id === id)
    if (found === undefined) throw new Error(`there is no account ${id}`)
    return found
  }

  const record = (account: ServedAccount, text: string) =>
    holder.ask(account.id, (requests) => requests.recordRequest(caller.name, text, null))

  /** The job after something was done, so that a failure to read it is none of that. */
  async function after(job: ShownJob, account: ServedAccount, status: number): Promise<ApiOutcome> {
    const now = await holder.queue().catch(() => null)
    return done(toItem(now?.jobs.find(({ id }) => id === job.id) ?? job, account).body, status)
  }

  const ownJobs = (account: ServedAccount): readonly ApiListItem[] =>
    requireJobs()
      .filter((job) => isIn(job, account.id))
      .sort((a, b) => b.createdAtMs - a.createdAtMs)
      .map((job) => toItem(job, account))

  /** Those of the server come after those of before, which wait here. */
  async function jobsThere(
    account: ServedAccount,
    keeper: ServerOperations,
  ): Promise<readonly ApiListItem[]> {
    const read = await kept.jobsOf(account, keeper)
    if (!read.ok) throw new ApiUnavailable(read.error.message)
    return [...ownJobs(account), ...read.value.map(kept.toItem)]
  }

  /** Runs what is done about a job of a server; null where it is none of the caller's. */
  async function atServer(id: string, run: (job: KeptJob) => Promise<ApiOutcome>): Promise<ApiOutcome> {
    const found = await kept.find(id)
    if (!found.ok) return toRefusal(found.error)
    return found.value === null ? refused(404, serveText.jobNotFound) : run(found.value)
  }

  return {
    count: (lab) => (holder.keeperOf(lab.id) === null ? ownJobs(requireAccount(lab)).length : null),
    experiments(lab) {
      const account = requireAccount(lab)
      const keeper = holder.keeperOf(account.id)
      return keeper === null ? ownJobs(account) : jobsThere(account, keeper)
    },
    async addExperiment(lab, request) {
      const account = requireAccount(lab)
      const keeper = holder.keeperOf(account.id)
      if (keeper !== null) return kept.add(account, keeper, request)
      const spec = toJobSpec(request, account.id)
      const recorded = await record(account, serveText.asked.addJob(spec.name))
      if (!recorded.ok) return toRefusal(recorded.error)
      const added = await holder.ask(null, (requests) => requests.addJob(spec, {}, false))
      if (!added.ok) return toRefusal(added.error)
      const createdAtMs = nowMs()
      const job = {
        id: added.value,
        spec,
        state: 'queued',
        statusText: null,
        run: null,
        createdAtMs,
      } as const
      return after(job, account, 201)
    },
    async cancelExperiment(id) {
      const found = find(id)
      if (found === null) return atServer(id, (job) => kept.cancel(job))
      const recorded = await record(found.account, serveText.asked.cancelJob(found.job.spec.name))
      if (!recorded.ok) return toRefusal(recorded.error)
      const changed = await holder.ask(null, (requests) => requests.changeJob(id, 'cancel'))
      return changed.ok ? after(found.job, found.account, 200) : toRefusal(changed.error)
    },
    async experimentLog(id) {
      if (find(id) === null) return atServer(id, (job) => kept.log(job))
      const log = await readJobLogEnd(holder, id)
      return log.ok ? done(log.value) : toRefusal(log.error)
    },
  }
}

/** The job of an experiment. */
export const toJobSpec = (
  { title, command, computeMode, priority, estimatedSeconds }: ApiNewExperiment,
  accountId: string,
): JobSpec => ({
  // No half of a pair.
  name: title.slice(0, MAX_JOB_NAME_CHARS).replace(/\p{Cs}$/u, ''),
  command,
  workingDirectory: null,
  variableNames: [],
  files: [],
  resultGlobs: [],
  resultsFolder: null,
  needs: {
    gpuType: computeMode === 'CPU' ? null : computeMode,
    gpuCount: computeMode === 'CPU' ? 0 : 1,
    gpuMemoryGb: null,
    label: null,
    accountId,
  },
  sharesPod: false,
  priority,
  estimatedSeconds: estimatedSeconds ?? null,
  maxSeconds: DEFAULT_MAX_SECONDS,
  retries: 0,
  dependsOn: [],
  afterSuccess: 'keep',
})
