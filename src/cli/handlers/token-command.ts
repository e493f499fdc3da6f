import { is } from 'valibot'
import { formatMoment } from '../../core/base/text/format'
import { plainText } from '../../core/base/text/plain-text'
import {
  type ApiToken,
  DEFAULT_OVERLAP_MS,
  expiryOf,
  isTokenExpired,
  parseExpiry,
  parseLifetime,
  podNamesSchema,
  type TokenRights,
  type TokenScope,
  tokenRoles,
  tokenScopes,
} from '../../core/pods-api/api-token'
import type { TokenEvent } from '../../core/pods-api/token-questions'
import { openApiTokensFile } from '../../node/pods-api/api-tokens-file'
import { findAccount, listAccounts } from '../account/account-list'
import { CliExit, exitCodes } from '../output/exit'
import type { Commands, GlobalOptions } from '../program/command-types'
import { tokenLines, tokensJson } from '../serve/tokens'
import { tokenText } from '../serve/tokens-text'
import type { CliContext } from './context/cli-context'
import { serveCommandText } from './context/cli-text'
import { recordActivity } from './context/record-activity'
import { prepareFolder } from './context/prepare-folder'

type TokenOptions = Parameters<Commands['token']>[2]

/** The command that makes, lists, rotates and revokes tokens of the Pods API. */
export function createTokenCommand(context: CliContext): Pick<Commands, 'token'> {
  const { clock, output } = context
  const nowMs = (): number => clock.now().wallMs

  /** Those of the app and of kept keys. */
  const known = (options: GlobalOptions) =>
    listAccounts(context.readFolderConfig(options), context.keptKeys(options))

  function rightsOf(options: TokenOptions): TokenRights {
    const scopes = scopesOf(options)
    const maxHourlyUsd = options.maxHourly === undefined ? null : Number(options.maxHourly)
    if (maxHourlyUsd !== null && !(Number.isFinite(maxHourlyUsd) && maxHourlyUsd > 0))
      throw new CliExit(exitCodes.usage, serveCommandText.badOption('--max-hourly', tokenText.badLimit))
    if (maxHourlyUsd !== null && !scopes.includes('pods:write'))
      throw new CliExit(exitCodes.usage, tokenText.limitNeedsWrite)
    const { account, pods } = options
    if (pods !== undefined && maxHourlyUsd !== null)
      throw new CliExit(exitCodes.usage, tokenText.limitOfSomePods)
    if (pods !== undefined && !is(podNamesSchema, pods))
      throw new CliExit(exitCodes.usage, serveCommandText.badOption('--pods', tokenText.badPods))
    return {
      scopes,
      accountIds: account === undefined ? null : [findAccount(known(options), account).id],
      maxHourlyUsd,
      podNames: pods === undefined ? null : [...new Set(pods)],
    }
  }

  function expiryChoice({ expires }: TokenOptions): number | 'never' | undefined {
    const choice = expires === undefined ? undefined : parseExpiry(expires)
    if (choice === null)
      throw new CliExit(exitCodes.usage, serveCommandText.badOption('--expires', tokenText.badExpiry))
    return choice
  }

  const recordEvent = (
    options: TokenOptions,
    event: TokenEvent,
    { name, scopes }: Pick<ApiToken, 'name' | 'scopes'>,
  ): Promise<void> =>
    recordActivity(context, options, (requests) => requests.recordTokenEvent(event, name, scopes))

  async function create(name: string, options: TokenOptions): Promise<number> {
    const rights = rightsOf(options)
    const choice = expiryChoice(options)
    const folder = await prepareFolder(context, options)
    const file = openApiTokensFile(folder)
    const before = tokenNamed(file.list(), name)
    if (before !== undefined && options.replace !== true) {
      if (isTokenExpired(before, nowMs())) throw new CliExit(exitCodes.failed, tokenText.isExpired(name))
      if (!hasRights(before, rights)) throw new CliExit(exitCodes.failed, tokenText.isOther(name))
      output.progress(tokenText.unchanged(name))
      return exitCodes.ok
    }
    const createdAtMs = nowMs()
    const expiresAtMs = expiryOf(choice, createdAtMs)
    if (before !== undefined) {
      const changed = file.change(before.id, rights)
      if (!changed.ok) throw new CliExit(exitCodes.failed, changed.error)
    }
    const created =
      before === undefined
        ? file.create({ name, ...rights, createdAtMs, expiresAtMs })
        : file.rotate(before.id, { atMs: createdAtMs, overlapMs: 0, expiresAtMs })
    if (!created.ok) throw new CliExit(exitCodes.failed, created.error)
    await recordEvent(options, before === undefined ? 'created' : 'rotated', { name, ...rights })
    output.progress(tokenText.created(name))
    output.result(typeof created.value === 'string' ? created.value : created.value.token)
    return exitCodes.ok
  }

  async function rotate(name: string, options: TokenOptions): Promise<number> {
    const choice = expiryChoice(options)
    const { overlap } = options
    const overlapMs =
      overlap === undefined ? DEFAULT_OVERLAP_MS : overlap.trim() === '0' ? 0 : parseLifetime(overlap)
    if (overlapMs === null)
      throw new CliExit(exitCodes.usage, serveCommandText.badOption('--overlap', tokenText.badOverlap))
    const folder = await prepareFolder(context, options)
    const file = openApiTokensFile(folder)
    const before = tokenNamed(file.list(), name)
    if (before === undefined) throw new CliExit(exitCodes.notFound, tokenText.unknown(name))
    const atMs = nowMs()
    // It lasts as long as the one before did.
    const lifetime = before.expiresAtMs === null ? 'never' : before.expiresAtMs - before.createdAtMs
    const rotated = file.rotate(before.id, {
      atMs,
      overlapMs,
      expiresAtMs: expiryOf(choice ?? lifetime, atMs),
    })
    if (!rotated.ok) throw new CliExit(exitCodes.failed, rotated.error)
    await recordEvent(options, 'rotated', before)
    const untilMs = Math.min(atMs + overlapMs, before.expiresAtMs ?? Infinity)
    output.progress(tokenText.rotated(before.name, formatMoment(Math.max(untilMs, atMs), { nowMs: atMs })))
    output.result(rotated.value)
    return exitCodes.ok
  }

  async function revoke(name: string, options: TokenOptions): Promise<number> {
    const folder = await prepareFolder(context, options)
    const revoked = openApiTokensFile(folder).revoke(name)
    if (!revoked.ok) throw new CliExit(exitCodes.notFound, revoked.error)
    await recordEvent(options, 'revoked', revoked.value)
    output.result(tokenText.revoked(revoked.value.name))
    return exitCodes.ok
  }

  function list(options: TokenOptions): number {
    const listed = openApiTokensFile(context.dataFolderOf(options)).list()
    if (!listed.ok) throw new CliExit(exitCodes.failed, listed.error)
    if (options.json) output.result(JSON.stringify(tokensJson(listed.value), null, 2))
    else if (listed.value.length === 0) output.progress(tokenText.none)
    else {
      const accounts = known(options)
      const nameOf = (id: string): string => accounts.find((each) => each.id === id)?.name ?? id
      for (const line of tokenLines(listed.value, nameOf, nowMs())) output.result(plainText(line))
    }
    return exitCodes.ok
  }

  return {
    async token(verb, name, options) {
      if (verb === 'list') return list(options)
      if (name === undefined)
        throw new CliExit(exitCodes.usage, verb === 'create' ? tokenText.noName : tokenText.usage)
      return { create, rotate, revoke }[verb](name, options)
    },
  }
}

function tokenNamed(
  listed: ReturnType<ReturnType<typeof openApiTokensFile>['list']>,
  name: string,
): ApiToken | undefined {
  if (!listed.ok) throw new CliExit(exitCodes.failed, listed.error)
  return listed.value.find((token) => token.id === name || token.name.toLowerCase() === name.toLowerCase())
}

function hasRights(token: ApiToken, rights: TokenRights): boolean {
  const textOf = ({ scopes, accountIds, maxHourlyUsd, podNames }: TokenRights): string =>
    JSON.stringify([
      [...scopes].sort(),
      accountIds && [...accountIds].sort(),
      maxHourlyUsd,
      podNames && [...podNames].sort(),
    ])
  return textOf(token) === textOf(rights)
}

function scopesOf({ scope, role }: TokenOptions): readonly TokenScope[] {
  if (role !== undefined) return tokenScopes.filter((each) => includesScope(tokenRoles[role], each))
  const given = scope ?? ['pods:read']
  const asked = given.flatMap((each) => each.split(/[,|]/)).map((each) => each.trim())
  const wrong = asked.find((each) => !tokenScopes.some((known) => known === each))
  if (wrong !== undefined) throw new CliExit(exitCodes.usage, tokenText.badScope(wrong))
  return tokenScopes.filter((each) => asked.includes(each))
}

const includesScope = (scopes: readonly TokenScope[], scope: TokenScope): boolean => scopes.includes(scope)
