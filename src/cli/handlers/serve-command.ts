import { plainText } from '../../core/base/text/plain-text'
import {
  type ApiToken,
  isTokenExpired,
  parseLifetime,
  type TokenScope,
  tokenScopes,
} from '../../core/pods-api/api-token'
import { DEFAULT_API_PORT } from '../../core/settings/definitions/api-settings'
import { serveAccounts } from '../../node/pods-api/accounts/serve-accounts'
import { openApiTokensFile } from '../../node/pods-api/api-tokens-file'
import type { ListenAt } from '../../node/pods-api/listen-at'
import { type ServeLockRefusal, takeServeLock } from '../../node/pods-api/serve-lock'
import { findAccount, listAccounts } from '../account/account-list'
import { acquireFolderLock } from '../account/active-folder'
import type { CliContext } from './cli-context'
import { openFolderApi } from './folder-api'
import { CliExit, exitCodes } from '../output/exit'
import { iso, JSON_VERSION } from '../output/json'
import type { Commands, GlobalOptions } from '../program/command-types'
import { tokenLineText, tokenText } from '../serve/tokens-text'
import { serveCommandText } from './cli-text'

/** The commands that serve the Pods API, and make its tokens. */
export function createServeCommands(
  context: CliContext,
  watch: Commands['watch'],
): Pick<Commands, 'serve' | 'token'> {
  const { clock, output, version } = context
  const nowMs = (): number => clock.now().wallMs

  async function serve(options: Parameters<Commands['serve']>[0]): Promise<number> {
    const folder = context.writableFolderOf(options)
    const lock = await takeServeLock(folder, 'cli')
    if (!lock.ok) throw lockExit(lock.error)
    try {
      return await serveLocked(folder, options)
    } finally {
      lock.value()
    }
  }

  async function serveLocked(folder: string, options: Parameters<Commands['serve']>[0]): Promise<number> {
    const api = await openFolderApi(context, options, watch, (line) => output.result(line))
    const listenAt: ListenAt =
      options.socket === undefined
        ? { kind: 'loopback', host: '127.0.0.1', port: options.port ?? DEFAULT_API_PORT }
        : { kind: 'socket', path: options.socket }
    const served = await serveAccounts({
      folder,
      listenAt,
      clock,
      version,
      api,
      report: (what, cause) => output.progress(`${what}: ${String(cause)}`),
    }).catch((cause: NodeJS.ErrnoException) => {
      throw new CliExit(exitCodes.failed, cannotListenText(listenAt, cause))
    })
    // Whoever reads that it is served may end it at once.
    let removeSignalHandlers = (): void => {}
    const ended = new Promise<number>((resolve) => {
      removeSignalHandlers = context.onSignal(resolve)
      api.onEnded(resolve)
    })
    output.result(
      listenAt.kind === 'socket'
        ? serveCommandText.servedAt(listenAt.path)
        : serveCommandText.servedOn(served.port ?? listenAt.port),
    )
    const exitCode = await ended
    await served.close()
    removeSignalHandlers()
    return exitCode
  }

  async function createToken(name: string, options: Parameters<Commands['token']>[2]): Promise<number> {
    const folder = context.writableFolderOf(options)
    const scopes = scopesOf(options.scope ?? ['pods:read'])
    const lifetimeMs = options.expires === undefined ? null : parseLifetime(options.expires)
    if (options.expires !== undefined && lifetimeMs === null)
      throw new CliExit(exitCodes.usage, serveCommandText.badOption('--expires', tokenText.badExpiry))
    const maxHourlyUsd = options.maxHourly === undefined ? null : Number(options.maxHourly)
    if (maxHourlyUsd !== null && !(Number.isFinite(maxHourlyUsd) && maxHourlyUsd > 0))
      throw new CliExit(exitCodes.usage, serveCommandText.badOption('--max-hourly', tokenText.badLimit))
    if (maxHourlyUsd !== null && !scopes.includes('pods:write'))
      throw new CliExit(exitCodes.usage, tokenText.limitNeedsWrite)
    await migrate(options)
    const created = openApiTokensFile(folder).create({
      name,
      scopes,
      accountIds: options.account === undefined ? null : [findAccount(known(options), options.account).id],
      maxHourlyUsd,
      createdAtMs: nowMs(),
      expiresAtMs: lifetimeMs === null ? null : nowMs() + lifetimeMs,
    })
    if (!created.ok) throw new CliExit(exitCodes.failed, created.error)
    output.progress(tokenText.created(name))
    output.result(created.value.token)
    return exitCodes.ok
  }

  /** Whoever takes the lock of a folder brings it to the present format. Where another program has it, it did. */
  async function migrate(options: GlobalOptions): Promise<void> {
    const lock = context.lockDataFolder(options)
    await acquireFolderLock(lock).catch(() => {})
    lock.dispose()
  }

  /** Those of the app and of kept keys. */
  const known = (options: GlobalOptions) => {
    const config = context.readFolderConfig(options)
    return listAccounts(config, context.keptKeys(options))
  }

  return {
    serve,
    async token(verb, name, options) {
      const file = openApiTokensFile(context.dataFolderOf(options))
      switch (verb) {
        case 'create':
          if (name === undefined) throw new CliExit(exitCodes.usage, tokenText.noName)
          return createToken(name, options)
        case 'revoke': {
          if (name === undefined) throw new CliExit(exitCodes.usage, tokenText.usage)
          await migrate(options)
          const revoked = file.revoke(name)
          if (!revoked.ok) throw new CliExit(exitCodes.notFound, revoked.error)
          output.result(tokenText.revoked(revoked.value.name))
          return exitCodes.ok
        }
        case 'list': {
          const listed = file.list()
          if (!listed.ok) throw new CliExit(exitCodes.failed, listed.error)
          if (options.json) output.result(JSON.stringify(tokensJson(listed.value), null, 2))
          else if (listed.value.length === 0) output.progress(tokenText.none)
          else {
            const accounts = known({ ...options })
            const nameOf = (id: string): string => accounts.find((each) => each.id === id)?.name ?? id
            for (const line of tokenLines(listed.value, nameOf, nowMs())) output.result(plainText(line))
          }
          return exitCodes.ok
        }
      }
    },
  }
}

const lockExit = (refusal: ServeLockRefusal): CliExit =>
  refusal.kind === 'unusable'
    ? new CliExit(exitCodes.failed, refusal.message)
    : new CliExit(exitCodes.folderLocked, serveCommandText.servedByOther(refusal.holder))

function scopesOf(given: readonly string[]): readonly TokenScope[] {
  const asked = given.flatMap((each) => each.split(/[,|]/)).map((each) => each.trim())
  const wrong = asked.find((each) => !tokenScopes.some((scope) => scope === each))
  if (wrong !== undefined) throw new CliExit(exitCodes.usage, tokenText.badScope(wrong))
  return tokenScopes.filter((scope) => asked.includes(scope))
}

const cannotListenText = (listenAt: ListenAt, { code, message }: NodeJS.ErrnoException): string => {
  const where = listenAt.kind === 'socket' ? listenAt.path : `127.0.0.1:${listenAt.port}`
  return serveCommandText.notServed(where, code === 'EADDRINUSE' ? null : message)
}

/** One line for each token, without the tokens themselves. `nameOf`: of an account. */
function tokenLines(
  tokens: readonly ApiToken[],
  nameOf: (accountId: string) => string,
  nowMs: number,
): readonly string[] {
  return tokens.map((token) => {
    const { name, id, scopes, accountIds, maxHourlyUsd, expiresAtMs } = token
    const accounts = accountIds === null ? tokenLineText.allAccounts : accountIds.map(nameOf).join(', ')
    const limit = maxHourlyUsd === null ? [] : [tokenLineText.limit(maxHourlyUsd)]
    const expiry =
      expiresAtMs === null
        ? tokenLineText.neverExpires
        : isTokenExpired(token, nowMs)
          ? tokenLineText.expired
          : tokenLineText.expires(expiresAtMs, nowMs)
    return [`${name} (${id})`, scopes.join(' '), accounts, ...limit, expiry].join(' · ')
  })
}

const tokensJson = (tokens: readonly ApiToken[]): unknown => ({
  version: JSON_VERSION,
  tokens: tokens.map(({ id, name, scopes, accountIds, maxHourlyUsd, createdAtMs, expiresAtMs }) => ({
    id,
    name,
    scopes,
    accounts: accountIds,
    maxHourlyUsd,
    createdAt: iso(createdAtMs),
    expiresAt: iso(expiresAtMs),
  })),
})
