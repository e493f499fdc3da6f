import { readFileSync } from 'node:fs'
import { type ServerLinkEvent, serverLinkEntry } from '../../../core/audit-log/server-link-audit'
import {
  disconnectServerQuestion,
  serverAddressQuestion,
  serverCertificateQuestion,
  serverTokenQuestion,
} from '../../../core/pods-api/server-questions'
import { type Ask, askWhether } from '../../../core/confirmation/question-queue'
import type { Clock } from '../../../core/base/time/clock'
import { errorText } from '../../../core/base/text/error-text'
import { fail, ok, type Result } from '../../../core/base/result'
import type { AccountId } from '../../../core/pods/pod'
import type { FolderHost } from '../../../node/host/host-types'
import { type LinkFailure, linkServer, type ServerLink } from '../../../node/servers/link-server'
import {
  hostOf,
  isServerToken,
  openServersFile,
  serverOf,
  serverOrigin,
} from '../../../node/servers/servers-file'
import { parseBaseUrl } from '../../../providers/http/base-url'
import type { Handlers } from '../../../shared/ipc'
import type { Log } from '../../lifecycle/log'
import type { RuntimeLimits } from '../../lifecycle/runtime'
import type { AccountSession } from '../account-session-types'
import type { SessionAuditLog } from '../session-audit-log'
import { requestsText } from '../account-text'

export interface ServerRequestsOptions {
  readonly userData: string
  readonly clock: Clock
  readonly auditLog: Pick<SessionAuditLog, 'logForProgram'>
  readonly session: Pick<AccountSession, 'monitor' | 'snapshot'>
  readonly folderHost: Pick<FolderHost, 'servers'>
  readonly host: {
    readonly fileDialogs: {
      /** Null when canceled. */
      readonly chooseCertificate: () => Promise<string | null>
    }
  }
  readonly limits: Pick<RuntimeLimits, 'hosts'>
  readonly log: Pick<Log, 'hide'>
  /** Asks in the app's own window. */
  readonly ask: Ask
}

/**
 * Requests of windows about the server that keeps an account. Address and token are typed in the app's own window, so
 * that a page can't say who acts for an account.
 */
export function createServerRequests({
  userData: folder,
  clock,
  auditLog,
  session,
  folderHost: { servers },
  host,
  limits,
  log,
  ask,
}: ServerRequestsOptions): Pick<Handlers, 'connectServer' | 'disconnectServer' | 'serverPage'> {
  let isAsking = false

  async function once<T>(run: () => Promise<Result<T, string>>): Promise<Result<T, string>> {
    if (isAsking) return fail(requestsText.alreadyAsking)
    isAsking = true
    try {
      return await run()
    } finally {
      isAsking = false
    }
  }

  const nameOf = (accountId: AccountId): string | null =>
    session.snapshot().accounts.find(({ entry }) => entry.id === accountId && !entry.isDemo)?.entry.name ??
    null

  function changed(event: ServerLinkEvent, account: ServerLink['account'], serverHost: string): void {
    const { wallMs } = clock.now()
    const entry = serverLinkEntry({ event, account, serverHost }, { isFromCommandLine: false }, wallMs)
    auditLog.logForProgram().record(entry)
    servers.refresh()
  }

  function addressProblem(typed: string): string | null {
    const parsed = parseBaseUrl(typed, limits.hosts)
    if (!parsed.ok) return parsed.error
    return serverOrigin(typed.trim()) === null ? requestsText.serverAddress : null
  }

  /** Null: the person canceled. */
  async function askAccess(
    accountName: string,
  ): Promise<Result<{ readonly origin: string; readonly token: string } | null, string>> {
    const address = await ask(serverAddressQuestion(accountName, addressProblem))
    if (!address.ok || address.value === null) return address.ok ? ok(null) : address
    const origin = serverOrigin(address.value.trim())
    if (origin === null) return fail(requestsText.serverAddress)
    const token = await ask(
      serverTokenQuestion(hostOf({ origin }), (typed) =>
        isServerToken(typed.trim()) ? null : requestsText.serverToken,
      ),
    )
    if (!token.ok || token.value === null) return token.ok ? ok(null) : token
    log.hide(token.value.trim())
    return ok({ origin, token: token.value.trim() })
  }

  /** Once more with a certificate that the person chooses. Null: they canceled. */
  async function withCertificate(link: ServerLink, message: string): Promise<Result<void, string> | null> {
    const wanted = await askWhether(ask, serverCertificateQuestion(hostOf(link.access), message))
    if (!wanted.ok) return wanted
    const path = wanted.value ? await host.fileDialogs.chooseCertificate() : null
    if (path === null) return null
    try {
      return messageOf(
        await linkServer({ ...link, access: { ...link.access, ca: readFileSync(path, 'utf8') } }),
      )
    } catch (cause) {
      return fail(requestsText.certificateUnreadable(errorText(cause)))
    }
  }

  async function connect(accountId: AccountId): Promise<Result<boolean, string>> {
    const name = nameOf(accountId)
    const account = session.monitor(accountId)?.accountPods() ?? null
    if (name === null || account === null) return fail(requestsText.accountUnknown)
    const typed = await askAccess(name)
    if (!typed.ok || typed.value === null) return typed.ok ? ok(false) : typed
    const link: ServerLink = {
      folder,
      account: { id: accountId, name },
      podIds: new Set(account.pods.map(({ id }) => id)),
      access: { ...typed.value, ca: null },
    }
    const first = await linkServer(link)
    const isUntrusted = !first.ok && first.error.kind === 'untrusted'
    const linked = isUntrusted ? await withCertificate(link, first.error.message) : messageOf(first)
    if (linked === null || !linked.ok) return linked ?? ok(false)
    changed('connected', link.account, hostOf(link.access))
    return ok(true)
  }

  async function disconnect(accountId: AccountId): Promise<Result<boolean, string>> {
    const name = nameOf(accountId)
    const server = serverOf(folder, accountId)
    if (name === null) return fail(requestsText.accountUnknown)
    if (!server.ok) return server
    if (server.value === null) return ok(true)
    const agreed = await askWhether(ask, disconnectServerQuestion(name, hostOf(server.value)))
    if (!agreed.ok || !agreed.value) return agreed
    const saved = openServersFile(folder).set(accountId, null)
    if (!saved.ok) return saved
    changed('disconnected', { id: accountId, name }, hostOf(server.value))
    return ok(true)
  }

  return {
    connectServer: (accountId) => once(() => connect(accountId)),
    disconnectServer: (accountId) => once(() => disconnect(accountId)),
    async serverPage(accountId, kind) {
      const page = nameOf(accountId) === null ? null : await servers.readPage(accountId, kind)
      return page === null ? fail(requestsText.accountUnknown) : ok(page)
    },
  }
}

const messageOf = (result: Result<void, LinkFailure>): Result<void, string> =>
  result.ok ? result : fail(result.error.message)
