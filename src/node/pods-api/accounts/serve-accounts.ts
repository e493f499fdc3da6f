import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../../../core/base/time/clock'
import { createRefusedRequestsLog } from '../../../core/pods-api/access/refused-requests'
import { createEventLog } from '../../../core/pods-api/api-event'
import { openApiSecret } from '../../data-folder/secrets/api-secret-file'
import { openApiRequestsFile } from '../api-requests-file'
import { type ApiServerOptions, startApiServer, ApiUnavailable } from '../api-server'
import { openApiTokensFile } from '../api-tokens-file'
import { docsPage } from '../docs-page'
import { jsonHttp, type HttpReply } from '../http-reply'
import type { ListenAt } from '../listen-at'
import { openTokenUsesFile } from '../token-uses-file'
import type { ApiAccess } from './api-access'
import { startEventSource } from './event-source'
import type { Holder } from './holder'
import { metricsText } from './metrics-text'
import type { ServedAccount } from './served-account'
import { setTimeout as wait } from 'node:timers/promises'
import { type HealthVerdict, judgeHealth, unhealthy } from '../../../core/monitor/folder-health'
import { SECOND_MS } from '../../../core/base/time/time'
import { serveText } from './serve-text'

/** Whoever checks gives up soon, too. */
const TIMEOUT_MS = 4 * SECOND_MS

/** How the program that holds the folder is doing: 200, or 503 with a reason. See docs/product-rules.md#165-health. */
async function healthReply(holder: Pick<Holder, 'health'>): Promise<HttpReply> {
  const verdict = await Promise.race([
    readVerdict(holder),
    wait(TIMEOUT_MS, unhealthy(`${serveText.nobody}.`), { ref: false }),
  ])
  return jsonHttp(verdict, verdict.acting ? 200 : 503)
}

async function readVerdict(holder: Pick<Holder, 'health'>): Promise<HealthVerdict> {
  try {
    return judgeHealth(await holder.health())
  } catch (cause) {
    if (cause instanceof ApiUnavailable) return unhealthy(`${cause.message}.`)
    throw cause
  }
}

/** The accounts of a data folder, through the program that watches it. */
export interface AccountsApi {
  readonly holder: Holder
  readonly access: ApiAccess
  readonly accounts: () => readonly ServedAccount[]
  close(): Promise<void>
}

export interface ServeAccountsOptions {
  /** This program has the right to serve it: `takeServeLock`. */
  readonly folder: string
  readonly listenAt: ListenAt
  readonly allowedHosts?: ApiServerOptions['allowedHosts']
  readonly clock: Clock
  readonly version: string
  /** Is closed with the server. */
  readonly api: AccountsApi
  readonly report: (what: string, cause: unknown) => void
}

export interface ServedAccounts {
  /** Null at a socket. */
  readonly port: number | null
  /** When each token was last used, Unix ms by id. */
  readonly lastUses: () => ReadonlyMap<string, number>
  /** Connections end at once. */
  close(): Promise<void>
}

/**
 * Serves the accounts of a data folder, in the app as in `podkeeper serve`. Rejects where it cannot listen, with the
 * error of the system.
 */
export async function serveAccounts(options: ServeAccountsOptions): Promise<ServedAccounts> {
  const { folder, listenAt, allowedHosts = [], clock, version, api, report } = options
  const events = createEventLog(randomBytes(6).toString('hex'))
  const requests = openApiRequestsFile(folder, () => clock.now().wallMs)
  const uses = openTokenUsesFile(folder)
  const stopEvents = startEventSource({ folder, holder: api.holder, accounts: api.accounts, log: events })

  const refused = createRefusedRequestsLog({
    clock,
    record: (counted) =>
      api.holder
        .ask(null, (asked) => asked.recordRefused(counted))
        .then(
          ({ ok }) => ok,
          () => false,
        ),
  })

  async function closeParts(): Promise<void> {
    stopEvents()
    uses.close()
    refused.close()
    await api.close()
    requests.close()
  }

  try {
    const server = await startApiServer({
      listenAt,
      allowedHosts,
      tokens: openApiTokensFile(folder),
      requests,
      clock,
      backendFor: api.access.backendFor,
      events,
      health: () => healthReply(api.holder),
      secret: openApiSecret(folder),
      pages: {
        '/openapi.json': {
          acceptsPassword: true,
          isForSomePods: true,
          async reply() {
            // Only this page needs the library for it.
            const { openApiDocument } = await import('../openapi-document')
            return jsonHttp(openApiDocument(version))
          },
        },
        '/docs': {
          acceptsPassword: true,
          isForSomePods: true,
          reply: () => Promise.resolve(docsPage()),
        },
        '/metrics': {
          acceptsPassword: true,
          async reply(caller) {
            const [{ read, unread }, health] = await Promise.all([
              api.access.readAll(caller),
              api.holder.health().catch(() => null),
            ])
            const body = metricsText(read, unread.size, health)
            return { status: 200, headers: { 'content-type': 'text/plain; version=0.0.4' }, body }
          },
        },
      },
      onUsed: uses.record,
      onRefused: (tokenName, reason) => refused.add(tokenName, reason),
      report,
    })
    return {
      port: listenAt.kind === 'socket' ? null : (server.address() as AddressInfo).port,
      lastUses: uses.lastUses,
      async close() {
        server.close()
        server.closeAllConnections()
        if (listenAt.kind === 'socket') rmSync(listenAt.path, { force: true })
        await closeParts()
      },
    }
  } catch (cause) {
    await closeParts()
    throw cause
  }
}
