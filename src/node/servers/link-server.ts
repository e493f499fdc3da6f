import { fail, ok, type Result } from '../../core/base/result'
import { type AccountId, parsePodKey, type PodId } from '../../core/pods/pod'
import { activeRun } from '../../core/queue/jobs/job-phase'
import { readQueue } from '../data-folder/journal/journal'
import { queuePath } from '../data-folder/journal/lazy-journal'
import { findServerLab } from './read-server'
import { askServer } from './server-client'
import { serversText } from './servers-text'
import { hostOf, openServersFile, type ServerAccess } from './servers-file'

/** What this data folder's queue runs on pods of the account: nobody would follow it there. */
function runningJobs(folder: string, accountId: AccountId): readonly string[] {
  return (readQueue(queuePath(folder)) ?? []).flatMap((record) => {
    const run = record.kind === 'job' ? activeRun(record.job) : null
    return record.kind === 'job' && run !== null && parsePodKey(run.podKey).accountId === accountId
      ? [record.job.spec.name]
      : []
  })
}

export interface LinkFailure {
  /** `untrusted`: its certificate; nothing was sent. `unreachable`: nobody answered. */
  readonly kind: 'untrusted' | 'unreachable' | 'refused'
  /** A sentence. Nothing was saved. */
  readonly message: string
}

export interface ServerLink {
  readonly folder: string
  readonly account: { readonly id: string; readonly name: string }
  /** The pods of the account as this computer lists them. */
  readonly podIds: ReadonlySet<PodId>
  readonly access: ServerAccess
  /** For tests. */
  readonly send?: typeof askServer
}

/**
 * Lets a server keep an account, once it took the token and showed one of the account's pods. For windows and commands.
 * See docs/product-rules.md#166-kept-by-a-server.
 */
export async function linkServer({
  folder,
  account,
  podIds,
  access,
  send = askServer,
}: ServerLink): Promise<Result<void, LinkFailure>> {
  const host = hostOf(access)
  const running = runningJobs(folder, account.id)
  if (running.length > 0)
    return fail({ kind: 'refused', message: serversText.jobsRun(account.name, running) })
  const found = await findServerLab(access, podIds, send)
  if (!found.ok) {
    const { isReached, isUntrusted, message } = found.error
    if (isReached) return fail({ kind: 'refused', message: serversText.refusedToken(host, message) })
    return fail({
      kind: isUntrusted ? 'untrusted' : 'unreachable',
      message: serversText.notLinked(host, message),
    })
  }
  const labId = found.value
  if (labId === null) return fail({ kind: 'refused', message: serversText.otherAccount(host, account.name) })
  const saved = openServersFile(folder).set(account.id, { ...access, labId })
  return saved.ok ? ok(undefined) : fail({ kind: 'refused', message: saved.error })
}
