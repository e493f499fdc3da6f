import type { ServerLinkEvent } from '../../../core/audit-log/server-link-audit'
import { plainText } from '../../../core/base/text/plain-text'
import { hostOf, openServersFile, serverOf } from '../../../node/servers/servers-file'
import type { CliAccount } from '../../account/account'
import { readSecret } from '../../commands/login/login'
import { loginServer, requireOrigin } from '../../commands/login/login-server'
import { loginServerText } from '../../commands/login/login-server-text'
import { CliExit, exitCodes } from '../../output/exit'
import { recordActivity } from '../context/record-activity'
import type { NamedAccount } from '../../output/json'
import { withNothing } from '../../output/nothing-text'
import type { CliContext } from '../context/cli-context'
import type { GlobalOptions, LoginOptions } from '../../program/command-types'

/** What lets a served API keep an account, and ends that. */
export function createServerLogins(context: CliContext) {
  const { output } = context
  const { stdin, stderr } = context.process

  /** The account that is asked for, which is to be one. Throws a `CliExit`. */
  async function oneAccount(options: GlobalOptions): Promise<CliAccount> {
    const { accounts } = await context.openAccounts(options, context.readFolderConfig(options))
    const [account] = accounts
    if (account === undefined || accounts.length > 1)
      throw new CliExit(exitCodes.usage, loginServerText.needsAccount)
    return account
  }

  const recordLink = (
    options: GlobalOptions,
    event: ServerLinkEvent,
    account: NamedAccount,
    serverHost: string,
  ): Promise<void> =>
    recordActivity(context, options, (requests) =>
      requests.recordServerLink({
        event,
        account: { id: account.id, name: plainText(account.name) },
        serverHost,
      }),
    )

  /** Lets a server keep an account whose key is here. */
  async function logIn(options: LoginOptions, url: string): Promise<number> {
    const origin = requireOrigin(url)
    const folder = context.writableFolderOf(options)
    const { name, view, provider } = await oneAccount(options)
    const pods = await provider.listPods()
    if (!pods.ok) throw new CliExit(exitCodes.unreachable, withNothing(pods.error.message, 'saved'))
    const keyboard = context.runOf(options).keyboard
    const account = { id: view.id, name }
    const message = await loginServer({
      folder,
      account,
      podIds: new Set(pods.value.pods.map(({ id }) => id)),
      origin,
      token: await readSecret(keyboard, stdin, new URL(origin).host, (text) => void stderr.write(text)),
      caPath: options.ca ?? null,
    })
    await recordLink(options, 'connected', account, hostOf({ origin }))
    output.result(message)
    return exitCodes.ok
  }

  async function logOut(options: GlobalOptions): Promise<number> {
    const folder = context.writableFolderOf(options)
    const { name, view } = await oneAccount(options)
    const before = serverOf(folder, view.id)
    if (!before.ok) throw new CliExit(exitCodes.failed, before.error)
    if (before.value === null) {
      output.result(loginServerText.notKept(name))
      return exitCodes.ok
    }
    const saved = openServersFile(folder).set(view.id, null)
    if (!saved.ok) throw new CliExit(exitCodes.failed, saved.error)
    await recordLink(options, 'disconnected', { id: view.id, name }, hostOf(before.value))
    output.result(loginServerText.ownAgain(name))
    return exitCodes.ok
  }

  /** By account, the host that keeps it. */
  function hostsOf(options: GlobalOptions): (account: { readonly id: string }) => string | null {
    const loaded = openServersFile(context.dataFolderOf(options)).load()
    if (!loaded.ok) output.progress(loaded.error)
    const hosts = new Map(loaded.ok ? Object.entries(loaded.value).map(([id, one]) => [id, hostOf(one)]) : [])
    return ({ id }) => hosts.get(id) ?? null
  }

  return { logIn, logOut, hostsOf }
}
