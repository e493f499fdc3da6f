import { ok, type Result } from '../../../core/base/result'
import type { ApiNewExperiment } from '../../../core/pods-api/api-schemas'
import { type ApiCaller, mayAccess } from '../../../core/pods-api/api-caller'
import type { ApiListItem, ApiOutcome } from '../../../core/pods-api/api-types'
import type { ServerRefusal } from '../../servers/ask-keeper'
import type { ServerJob } from '../../servers/server-jobs'
import type { ServerOperations } from '../../servers/server-operations'
import type { Holder } from './holder'
import type { ServedAccount } from './served-account'
import { serveText } from './serve-text'
import { afterRecord, done, toRefusal } from './token-actions'

/** A job of the server that keeps an account. */
export interface KeptJob {
  readonly account: ServedAccount
  readonly keeper: ServerOperations
  readonly job: ServerJob
}

export interface KeptJobsOptions {
  readonly holder: Holder
  readonly caller: ApiCaller
  readonly accounts: readonly ServedAccount[]
}

/** Jobs of accounts that servers keep: they are theirs, and nothing of them waits or starts here. */
export function createKeptJobs({ holder, caller, accounts }: KeptJobsOptions) {
  const toBody = (account: ServedAccount, job: ServerJob) => ({
    ...job,
    labId: account.hubifyLabId ?? account.id,
  })

  async function jobsOf(
    account: ServedAccount,
    keeper: ServerOperations,
  ): Promise<Result<readonly KeptJob[], ServerRefusal>> {
    const read = await keeper.jobs()
    return read.ok ? ok(read.value.map((job) => ({ account, keeper, job }))) : read
  }

  /** Of all accounts that the caller may access. `unread`: those whose server could not be read, with the reason. */
  async function list() {
    const kept = accounts.flatMap((account) => {
      const keeper = mayAccess(caller, account.id) ? holder.keeperOf(account.id) : null
      return keeper === null ? [] : [{ account, keeper }]
    })
    const lists = await Promise.all(kept.map(({ account, keeper }) => jobsOf(account, keeper)))
    return {
      jobs: lists.flatMap((read) => (read.ok ? read.value : [])),
      unread: lists.flatMap((read, index) => {
        const account = kept[index]?.account
        return read.ok || account === undefined ? [] : [{ account, refusal: read.error }]
      }),
    }
  }

  /** A job that the caller may see; null: there is none. Where a server could not be read, nobody knows. */
  async function find(jobId: string): Promise<Result<KeptJob | null, ServerRefusal>> {
    const { jobs, unread } = await list()
    const found = jobs.find(({ job }) => job._id === jobId)
    const [missing] = unread
    return found === undefined && missing !== undefined
      ? { ok: false, error: missing.refusal }
      : ok(found ?? null)
  }

  const targetOf = ({ id }: ServedAccount) => ({ accountId: id, podId: null, tokenName: caller.name })

  return {
    list,
    find,
    toItem: ({ account, job }: KeptJob): ApiListItem => ({ id: job._id, body: toBody(account, job) }),
    jobsOf,
    async add(
      account: ServedAccount,
      keeper: ServerOperations,
      request: ApiNewExperiment,
    ): Promise<ApiOutcome> {
      const text = serveText.asked.addJobThere(request.title)
      const added = await afterRecord(holder, targetOf(account), text, () => keeper.addJob(request))
      return added.ok ? done(toBody(account, added.value), 201) : toRefusal(added.error)
    },
    async cancel({ account, keeper, job }: KeptJob): Promise<ApiOutcome> {
      const text = serveText.asked.cancelJobThere(job.title)
      const canceled = await afterRecord(holder, targetOf(account), text, () => keeper.cancelJob(job._id))
      return canceled.ok ? done(toBody(account, canceled.value)) : toRefusal(canceled.error)
    },
    async log({ keeper, job }: KeptJob): Promise<ApiOutcome> {
      const read = await keeper.jobLog(job._id)
      return read.ok ? done(read.value) : toRefusal(read.error)
    },
  }
}
