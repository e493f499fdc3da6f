import type { AuditEntry } from '../core/audit-log/audit-log'
import type { Clock } from '../core/base/time/clock'
import { podKeyOf } from '../core/pods/pod'
import type { FolderHealth } from '../core/monitor/folder-health'
import type { Queue } from '../core/queue/queue'
import { createControlServer } from '../node/control/control-server'
import type { SessionAuditLog } from './account/session-audit-log'
import { createConfigApplier } from '../node/data-folder/apply-config'
import type { ChangeSetting } from '../node/control/control-session'
import type { LockService } from '../node/data-folder/lock/lock-socket'
import type { AppStore } from './settings/app-store'
import type { TerminateConfirmation } from './windows/terminate-confirmation'
import type { AccountSession } from './account/account-session-types'
import { DEMO_ID, isDemoId } from './account/session/demo-account'

export interface AppControlServerOptions {
  readonly clock: Clock
  readonly session: Pick<AccountSession, 'monitor' | 'demoQueue'>
  readonly store: Pick<AppStore, 'settings' | 'update'>
  /** Of the data folder. */
  readonly queue: Queue
  readonly health: () => FolderHealth
  /** Changes a setting as the settings page does. */
  readonly changeSetting: ChangeSetting
  readonly auditLog: Pick<SessionAuditLog, 'logForProgram'>
  readonly confirmation: Pick<TerminateConfirmation, 'requestForToken'>
  readonly report: (what: string) => void
}

/** Carries out what commands and the Pods API ask of the app. It has nothing to do with the demo. */
export function createAppControlServer(options: AppControlServerOptions): LockService {
  const { clock, session, store, queue, confirmation, auditLog } = options
  const record = (entry: AuditEntry): void => void auditLog.logForProgram().record(entry)
  return createControlServer({
    clock,
    monitor: (accountId) => (isDemoId(accountId) ? null : session.monitor(accountId)),
    isDemo: () => session.monitor(DEMO_ID) !== null,
    settings: () => store.settings(),
    health: options.health,
    queue: () => (session.demoQueue() === null ? queue : null),
    changeSetting: options.changeSetting,
    applyConfig: createConfigApplier({
      settings: () => store.settings(),
      update: store.update,
      nowMs: () => clock.now().wallMs,
      record,
    }),
    record,
    askInWindow: (accountId, podId, tokenName) =>
      confirmation.requestForToken(podKeyOf(accountId, podId), tokenName),
    hasHistory: true,
    report: options.report,
  })
}
