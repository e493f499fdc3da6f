import type { Ask } from '../../core/confirmation/question-queue'
import { openApiTokensFile } from '../../node/pods-api/api-tokens-file'
import type { EventName, Events } from '../../shared/ipc'
import type { AccountSession } from '../account/account-session-types'
import type { SessionAuditLog } from '../account/session-audit-log'
import type { AppHost } from '../lifecycle/app-host'
import type { Log } from '../lifecycle/log'
import { type AppPodsApi, type AppPodsApiOptions, createAppPodsApi } from './app-pods-api'
import { createPodsApiHandlers } from './pods-api-handlers'

export interface OpenPodsApiOptions extends Pick<AppPodsApiOptions, 'userData' | 'clock' | 'store'> {
  readonly host: Pick<AppHost, 'version' | 'writeClipboard'>
  readonly session: Pick<AccountSession, 'provider'>
  readonly windows: { readonly send: <K extends EventName>(name: K, payload: Events[K]) => void }
  readonly promptWindow: { readonly ask: Ask }
  readonly log: Pick<Log, 'warn' | 'hide'>
  readonly auditLog: Pick<SessionAuditLog, 'logForProgram'>
}

/** The Pods API of the app with its requests. */
export interface OpenedPodsApi extends AppPodsApi {
  readonly handlers: ReturnType<typeof createPodsApiHandlers>
}

/** Nothing is served before `start`. */
export function openPodsApi(options: OpenPodsApiOptions): OpenedPodsApi {
  const { host, userData, clock, store, session, windows, promptWindow, log, auditLog } = options
  const podsApi = createAppPodsApi({
    userData,
    clock,
    version: host.version,
    store,
    provider: (accountId) => session.provider(accountId),
    onChange: (view) => windows.send('podsApi', view),
    report: log.warn,
  })
  const handlers = createPodsApiHandlers({
    podsApi,
    tokens: openApiTokensFile(userData),
    accounts: () => store.accounts(),
    ask: promptWindow.ask,
    copy: host.writeClipboard,
    record: (entry) => void auditLog.logForProgram().record(entry),
    hide: log.hide,
    nowMs: () => clock.now().wallMs,
  })
  return { ...podsApi, handlers }
}
