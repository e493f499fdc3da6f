import type { AuditEntry } from '../../core/audit-log/audit-log'
import { fail, ok, type Result } from '../../core/base/result'
import { type Ask, askWhether } from '../../core/confirmation/question-queue'
import {
  newTokenQuestion,
  revokeTokenQuestion,
  shownTokenQuestion,
  tokenEntry,
} from '../../core/pods-api/token-questions'
import { tokenScopes } from '../../core/pods-api/api-token'
import type { AccountRecord } from '../../core/settings/account-record'
import type { ApiTokensFile } from '../../node/pods-api/api-tokens-file'
import type { HandlersOf } from '../../shared/ipc'
import type { NewApiToken, PodsApiRequests } from '../../shared/requests/pods-api-requests'
import type { AppPodsApi } from './app-pods-api'
import { podsApiText } from './pods-api-text'

export interface PodsApiHandlersOptions {
  readonly podsApi: Pick<AppPodsApi, 'view' | 'publish'>
  readonly tokens: Pick<ApiTokensFile, 'list' | 'create' | 'revoke'>
  readonly accounts: () => readonly Pick<AccountRecord, 'id' | 'name'>[]
  /** Asks in the app's own window. */
  readonly ask: Ask
  readonly copy: (text: string) => Promise<void>
  readonly record: (entry: AuditEntry) => void
  /** A secret that must not get into a log. */
  readonly hide: (secret: string) => void
  readonly nowMs: () => number
}

/**
 * Requests of windows about the Pods API. A token is shown in the app's own window only, so that a page that is no
 * longer ours gets none, and makes none that may change something.
 */
export function createPodsApiHandlers(options: PodsApiHandlersOptions): HandlersOf<PodsApiRequests> {
  const { podsApi, tokens, ask, nowMs } = options
  /** Otherwise a page could have any number of tokens made. */
  let isAsking = false

  async function once<T>(run: () => Promise<Result<T, string>>): Promise<Result<T, string>> {
    if (isAsking) return fail(podsApiText.alreadyAsking)
    isAsking = true
    try {
      return await run()
    } finally {
      isAsking = false
    }
  }

  /** What the accounts of a token are called; null: it is for all. */
  function accountNames(accountIds: readonly string[] | null): Result<readonly string[] | null, string> {
    if (accountIds === null) return ok(null)
    const found = options.accounts().filter(({ id }) => accountIds.includes(id))
    return found.length === new Set(accountIds).size
      ? ok(found.map(({ name }) => name))
      : fail(podsApiText.noAccount)
  }

  async function create(
    given: NewApiToken,
  ): Promise<Result<ReturnType<PodsApiRequests['grantApiAccess']>, string>> {
    const { name, accountIds, maxHourlyUsd, lifetimeMs } = given
    const names = accountNames(accountIds)
    if (!names.ok) return names
    if (maxHourlyUsd !== null && !given.scopes.includes('pods:write'))
      return fail(podsApiText.limitNeedsWrite)
    const listed = tokens.list()
    if (!listed.ok) return listed
    if (listed.value.some((token) => token.name.toLowerCase() === name.toLowerCase()))
      return fail(podsApiText.nameTaken(name))

    const createdAtMs = nowMs()
    const expiresAtMs = lifetimeMs === null ? null : createdAtMs + lifetimeMs
    const scopes = tokenScopes.filter((scope) => given.scopes.includes(scope))
    const token = { name, scopes, accountIds, maxHourlyUsd, podNames: null, createdAtMs, expiresAtMs }
    if (scopes.some((scope) => scope !== 'pods:read')) {
      const isConfirmed = await askWhether(ask, newTokenQuestion(token, names.value))
      if (!isConfirmed.ok) return isConfirmed
      if (!isConfirmed.value) return ok('canceled')
    }
    const created = tokens.create(token)
    if (!created.ok) return created
    options.hide(created.value.token)
    options.record(tokenEntry(token, 'created', nowMs()))
    podsApi.publish()

    const wantsCopy = await askWhether(ask, shownTokenQuestion(name, created.value.token))
    if (!wantsCopy.ok) {
      // Nobody saw it, so nobody may use it.
      tokens.revoke(created.value.id)
      options.record(tokenEntry(token, 'revoked', nowMs()))
      podsApi.publish()
      return fail(podsApiText.notShown(wantsCopy.error))
    }
    if (!wantsCopy.value) return ok('created')
    await options.copy(created.value.token)
    return ok('copied')
  }

  async function revoke(tokenId: string): Promise<Result<boolean, string>> {
    const listed = tokens.list()
    if (!listed.ok) return listed
    const token = listed.value.find(({ id }) => id === tokenId)
    if (token === undefined) return fail(podsApiText.noToken)
    const isConfirmed = await askWhether(ask, revokeTokenQuestion(token))
    if (!isConfirmed.ok || !isConfirmed.value) return isConfirmed
    const revoked = tokens.revoke(tokenId)
    if (!revoked.ok) return revoked
    options.record(tokenEntry(token, 'revoked', nowMs()))
    podsApi.publish()
    return ok(true)
  }

  return {
    podsApi: () => ok(podsApi.view()),
    grantApiAccess: (token) => once(() => create(token)),
    revokeApiAccess: (tokenId) => once(() => revoke(tokenId)),
  }
}
