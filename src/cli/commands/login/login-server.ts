import { readFileSync } from 'node:fs'
import { errorText } from '../../../core/base/text/error-text'
import { findServerLab } from '../../../node/servers/read-server'
import { askServer } from '../../../node/servers/server-client'
import { hostOf, isServerToken, openServersFile, serverOrigin } from '../../../node/servers/servers-file'
import { CliExit, exitCodes } from '../../output/exit'
import type { NamedAccount } from '../../output/json'
import { loginServerText } from './login-server-text'

/** A usage error unless it is an https address. */
export function requireOrigin(url: string): string {
  const origin = serverOrigin(url)
  if (origin === null) throw new CliExit(exitCodes.usage, loginServerText.badUrl)
  return origin
}

export interface LoginServerOptions {
  readonly folder: string
  readonly account: NamedAccount
  /** The pods of the account as this computer lists them. */
  readonly podIds: ReadonlySet<string>
  readonly origin: string
  readonly token: string
  readonly caPath: string | null
}

/** Checks the server, and lets it keep the account. Throws a `CliExit` with nothing saved. */
export async function loginServer(options: LoginServerOptions): Promise<string> {
  const { folder, account, podIds, origin, caPath } = options
  const token = options.token.trim()
  if (!isServerToken(token)) throw new CliExit(exitCodes.usage, loginServerText.badToken)
  const server = { origin, token, ca: caPath === null ? null : readCa(caPath) }
  const host = hostOf(server)
  const found = await findServerLab(server, podIds, askServer)
  if (!found.ok) {
    const { isReached, message } = found.error
    throw isReached
      ? new CliExit(exitCodes.failed, loginServerText.refused(host, message))
      : new CliExit(exitCodes.unreachable, loginServerText.lost(host, message))
  }
  const labId = found.value
  if (labId === null) throw new CliExit(exitCodes.failed, loginServerText.otherAccount(host, account.name))
  const saved = openServersFile(folder).set(account.id, { ...server, labId })
  if (!saved.ok) throw new CliExit(exitCodes.failed, saved.error)
  return loginServerText.kept(account.name, host)
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CliExit(exitCodes.usage, loginServerText.badCa(errorText(cause)))
  }
}
