import type { Clock } from '../../core/base/time/clock'
import type { Queue } from '../../core/queue/queue'
import type { HostOf } from '../../core/queue/queue-ports'
import type { QueueAccount } from '../../core/monitor/queue-pods'
import { createFolderQueue } from '../../node/queue/folder-queue'
import type { HostKeyOutlookOf } from '../../ssh/host-keys/host-key-outlook'
import type { Log } from '../lifecycle/log'
import type { AppStore } from '../settings/app-store'
import type { AccountSession } from './account-session-types'
import type { Keyring } from './key/keyring'
import type { SessionAuditLog } from './session-audit-log'
import type { SessionFolderLock } from './session-folder-lock'

export interface AppQueueOptions {
  readonly userData: string
  readonly clock: Clock
  readonly folderLock: SessionFolderLock
  readonly store: Pick<AppStore, 'accounts'>
  /** Null while it doesn't exist yet. */
  readonly session: () => Pick<AccountSession, 'monitors' | 'provider'> | null
  readonly hostOf: HostOf
  readonly hostKeyOutlookOf: HostKeyOutlookOf
  readonly keyring: Keyring
  readonly auditLog: Pick<SessionAuditLog, 'logForProgram'>
  readonly log: Pick<Log, 'warn'>
}

/** The queue of the app, over the accounts that are watched. The demo has one of its own. */
export function createAppQueue(options: AppQueueOptions): Queue {
  const { folderLock, store } = options

  function accounts(): readonly QueueAccount[] {
    const session = options.session()
    if (session === null) return []
    const labIds = new Set(store.accounts().flatMap(({ id, lab }) => (lab === undefined ? [] : [id])))
    return session.monitors().flatMap((monitor): readonly QueueAccount[] => {
      const account = monitor.snapshot().account
      if (account === null || account.isDemo) return []
      const { id, earlierKeyEnding } = account
      // Only a reply to a change of the lab's settings says whether it starts experiments itself.
      const lab = labIds.has(id) ? { labAutoSchedule: null } : {}
      const provider = session.provider(id)
      return [{ accountId: id, monitor, isUnclear: earlierKeyEnding !== undefined, provider, ...lab }]
    })
  }

  return createFolderQueue({
    folder: options.userData,
    clock: options.clock,
    journal: folderLock.queue,
    mayWrite: folderLock.mayWrite,
    isActing: folderLock.mayAnnounce,
    accounts,
    hostOf: options.hostOf,
    hostKeyOutlookOf: options.hostKeyOutlookOf,
    keyring: options.keyring,
    record: (entry) => void options.auditLog.logForProgram().record(entry),
    report: options.log.warn,
  })
}
