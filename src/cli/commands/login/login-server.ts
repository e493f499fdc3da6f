import { readFileSync } from 'node:fs'
import { errorText } from '../../../core/base/text/error-text'
import { linkServer } from '../../../node/servers/link-server'
import { hostOf, isServerToken, serverOrigin } from '../../../node/servers/servers-file'
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
  const access = { origin, token, ca: caPath === null ? null : readCa(caPath) }
  const linked = await linkServer({ folder, account, podIds, access })
  if (linked.ok) return loginServerText.kept(account.name, hostOf(access))
  const { kind, message } = linked.error
  throw new CliExit(kind === 'refused' ? exitCodes.failed : exitCodes.unreachable, message)
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CliExit(exitCodes.usage, loginServerText.badCa(errorText(cause)))
  }
}
