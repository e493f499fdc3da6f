import type { Clock } from '../../core/base/time/clock'
import { MINUTE_MS, SECOND_MS } from '../../core/base/time/time'
import { sentence } from '../../core/alerts/alert-text'
import type { AccountRulesStore } from '../../core/pod-rules/pod-rules'
import type { Impediment } from '../../core/obstacles/obstacle'
import type { AccountId } from '../../core/pods/pod'
import { ok } from '../../core/base/result'
import type { ServerRules, ShownServerRules } from '../../core/view/window/server-rules'
import { isObject } from '../../core/base/parse-json'
import type { ServerPage, ServerPageKind } from '../../core/view/window/server-page'
import { readServerPage } from './read-server-page'
import { readServerRules } from './read-server'
import { askServer } from './server-client'
import { type ServerOperations, serverOperations, unknownServer } from './server-operations'
import { rulesUnlessKept } from './kept-rules'
import { serversText } from './servers-text'
import { type AccountServer, hostOf, openServersFile } from './servers-file'

/** Accounts that a server keeps: this program only shows them. See docs/product-rules.md#166-kept-by-a-server. */
export interface KeptAccounts {
  /** Also where nobody can say who keeps it. */
  readonly isKept: (accountId: AccountId) => boolean
  /** Why this program doesn't act for it; null: it does. */
  readonly obstacleOf: (accountId: AccountId) => Impediment | null
  /** What a person asks of the server that keeps it; null: this computer keeps it. */
  readonly keeperOf: (accountId: AccountId) => ServerOperations | null
  /** What holds there, as it was last read, to be shown; null: it wasn't read. */
  readonly rulesThere: (accountId: AccountId) => ShownServerRules | null
  /** Reads jobs or activity there; those of the last read with the reason where they can't be read. Null: none keeps it. */
  readonly readPage: (accountId: AccountId, kind: ServerPageKind) => Promise<ServerPage | null>
  /** Those of accounts that this program acts for. */
  readonly rules: (store: AccountRulesStore) => AccountRulesStore
  /** Reads again who keeps what, after a change. */
  refresh(): void
  start(): void
  dispose(): void
}

export interface KeptAccountsOptions {
  readonly folder: string
  readonly clock: Clock
  /** Something else holds for an account now. */
  readonly onChange: () => void
  /** Whether the rules there are read, to be shown. */
  readonly readsRules: boolean
  /** For tests. */
  readonly ask?: typeof askServer
}

/** For so long a look at the file counts, ms. */
const FRESH_MS = SECOND_MS
/** A server that restarts is back by the second one. */
const CHECK_EVERY_MS = MINUTE_MS / 2
const TRIES = 2

export function createKeptAccounts({
  folder,
  clock,
  onChange,
  readsRules,
  ask = askServer,
}: KeptAccountsOptions): KeptAccounts {
  const file = openServersFile(folder)
  let looked: { readonly atMs: number; readonly found: ReturnType<typeof file.load> } | null = null
  /** By origin: how often in a row it was not found to act, and why. */
  const failures = new Map<string, { readonly count: number; readonly why: string }>()
  const lastRules = new Map<AccountId, ServerRules & { readonly readAtMs: number }>()
  /** By origin, account and kind. */
  const lastPages = new Map<string, Pick<ServerPage, 'readAtMs' | 'rows'>>()
  let cancel = (): void => {}
  let isDisposed = false

  function servers(): ReturnType<typeof file.load> {
    const { monotonicMs } = clock.now()
    if (looked === null || monotonicMs - looked.atMs >= FRESH_MS)
      looked = { atMs: monotonicMs, found: file.load() }
    return looked.found
  }

  /** 'unknown': the file can't be read. */
  function serverOf(accountId: AccountId): AccountServer | 'unknown' | null {
    const found = servers()
    if (!found.ok) return 'unknown'
    return Object.hasOwn(found.value, accountId) ? (found.value[accountId] ?? null) : null
  }

  /** What can't be read stays as it was read last. */
  async function readRules(accountId: AccountId, server: AccountServer): Promise<void> {
    const read = readsRules ? await readServerRules(server, ask) : ok(null)
    if (!read.ok || read.value === null || isDisposed) return
    lastRules.set(accountId, { ...read.value, readAtMs: clock.now().wallMs })
    onChange()
  }

  async function check(server: AccountServer): Promise<void> {
    const reply = await ask(server, { method: 'GET', path: '/health' })
    const before = failures.get(server.origin)
    if (reply.ok && reply.value.status === 200) failures.delete(server.origin)
    else {
      const why = reply.ok ? notActing(reply.value.data, hostOf(server)) : serversText.lost(hostOf(server))
      failures.set(server.origin, { count: (before?.count ?? 0) + 1, why })
    }
    if (!isDisposed) onChange()
  }

  function checkAll(): void {
    cancel()
    cancel = clock.schedule(CHECK_EVERY_MS, checkAll)
    const found = servers()
    const all = found.ok ? Object.values(found.value) : []
    for (const server of new Map(all.map((one) => [one.origin, one])).values()) void check(server)
    for (const [accountId, server] of Object.entries(found.ok ? found.value : {}))
      void readRules(accountId, server)
  }

  function rulesThere(accountId: AccountId): ShownServerRules | null {
    const server = serverOf(accountId)
    const read = lastRules.get(accountId)
    if (server === null || server === 'unknown' || read === undefined) return null
    const { readAtMs, ...rules } = read
    return { ...rules, host: hostOf(server), lostSinceReadMs: isLost(server) ? readAtMs : null }
  }

  function isLost(server: AccountServer): boolean {
    return (failures.get(server.origin)?.count ?? 0) >= TRIES
  }

  async function readPage(accountId: AccountId, kind: ServerPageKind): Promise<ServerPage | null> {
    const server = serverOf(accountId)
    if (server === null || server === 'unknown') return null
    const read = await readServerPage(server, kind, ask)
    const key = `${server.origin} ${accountId} ${kind}`
    if (read.ok) lastPages.set(key, { readAtMs: clock.now().wallMs, rows: read.value })
    const last = lastPages.get(key) ?? { readAtMs: null, rows: [] }
    return { host: hostOf(server), problem: read.ok ? null : read.error, ...last }
  }

  function obstacleOf(accountId: AccountId): Impediment | null {
    const server = serverOf(accountId)
    if (server === null) return null
    if (server === 'unknown') return { code: 'server-lost', why: serversText.unreadable }
    const failed = failures.get(server.origin)
    return failed !== undefined && isLost(server)
      ? { code: 'server-lost', why: failed.why }
      : { code: 'server-keeps', why: serversText.keeps(hostOf(server)) }
  }

  return {
    isKept: (accountId) => serverOf(accountId) !== null,
    obstacleOf,
    keeperOf(accountId) {
      const server = serverOf(accountId)
      if (server === null) return null
      if (server === 'unknown') return unknownServer(sentence(serversText.unreadable))
      const there = serverOperations(server, ask)
      const thenRead = async <T>(changed: Promise<T>): Promise<T> => {
        const result = await changed
        await readRules(accountId, server)
        return result
      }
      return {
        ...there,
        keepOn: (podId, choice) => thenRead(there.keepOn(podId, choice)),
        changePodRules: (podId, changes) => thenRead(there.changePodRules(podId, changes)),
      }
    },
    rulesThere,
    readPage,
    rules: (store) => rulesUnlessKept(store, serverOf),
    refresh() {
      looked = null
      checkAll()
      onChange()
    },
    start: checkAll,
    dispose() {
      isDisposed = true
      cancel()
    },
  }
}

function notActing(health: unknown, host: string): string {
  const reason = isObject(health) ? health['reason'] : undefined
  return serversText.notActing(host, typeof reason === 'string' ? reason : null)
}
