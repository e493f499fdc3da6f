import type { AuditEntry } from '../../core/audit-log/audit-log'
import type { Clock } from '../../core/base/time/clock'
import { errorText } from '../../core/base/text/error-text'
import type { Monitor } from '../../core/monitor/monitor-types'
import type { Queue } from '../../core/queue/queue'
import type { JobHost } from '../../core/queue/host/job-host'
import type { QueueAccount } from '../../core/monitor/queue-pods'
import type { Settings } from '../../core/settings/settings'
import type { FolderLock } from '../../node/data-folder/lock/folder-lock'
import { createFolderQueue } from '../../node/queue/folder-queue'
import type { CliAccount } from '../account/account'
import { createCliHostKeyOutlook, createCliJobHost } from '../account/cli-ssh'

export interface Watched {
  readonly account: CliAccount
  /** Null until it is known which account it is. */
  readonly monitor: Monitor | null
}

export interface WatchQueueOptions {
  readonly folder: string
  readonly clock: Clock
  readonly env: NodeJS.ProcessEnv
  readonly lock: FolderLock
  readonly record: (entry: AuditEntry) => void
  readonly watched: () => readonly Watched[]
  readonly settings: () => Settings
  readonly report: (text: string) => void
}

/** The queue of a watch, over the accounts that it watches. */
export function createWatchQueue(options: WatchQueueOptions): Queue {
  const { folder, clock, env, lock, watched, settings, report } = options
  const jobHosts = new Map<string, JobHost>()

  function hostOf(accountId: string): JobHost {
    const known = jobHosts.get(accountId)
    if (known !== undefined) return known
    const account = watched().find((one) => one.account.view.id === accountId)?.account
    if (account === undefined) throw new Error('Jobs run on pods of accounts that are watched.')
    const host = createCliJobHost({ folder, account, clock, env, settings, report })
    jobHosts.set(accountId, host)
    return host
  }

  return createFolderQueue({
    folder,
    clock,
    journal: lock.queue,
    mayWrite: () => lock.mayWrite(),
    isActing: () => lock.isActing(),
    accounts: () => watched().flatMap(toQueueAccount),
    hostOf,
    hostKeyOutlookOf: createCliHostKeyOutlook({ folder, clock, env, settings, report }),
    keyring: null,
    record: options.record,
    report: (what, cause) => report(cause === undefined ? what : `${what}: ${errorText(cause)}`),
  })
}

function toQueueAccount({ account, monitor }: Watched): readonly QueueAccount[] {
  if (monitor === null) return []
  // Only a reply to a change of the lab's settings says whether it starts experiments itself.
  const lab = account.lab === undefined ? {} : { labAutoSchedule: null }
  const { view, question, provider } = account
  return [{ accountId: view.id, monitor, isUnclear: question !== null, provider, ...lab }]
}
