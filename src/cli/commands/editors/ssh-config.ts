import type { CliAccount } from '../../account/account'
import type { CliHosts } from '../../account/cli-hosts'
import { CliExit, exitCodes } from '../../output/exit'
import type { PodSearch } from '../files/reach-pod'
import { editorsText } from './editors-text'
import { includeHosts, type IncludeOptions, removeHosts } from './include-hosts'

export interface SshConfigOptions extends PodSearch, IncludeOptions {
  /** `print`: writes nothing. */
  readonly verb: 'print' | 'write' | 'remove'
  readonly hostsOf: (account: CliAccount) => CliHosts
}

/** Prints, writes or removes the hosts that OpenSSH knows pods by. Returns the exit code; throws a `CliExit`. */
export async function sshConfig(options: SshConfigOptions): Promise<number> {
  const { verb, accounts, failures, output, hostsOf } = options
  if (verb === 'remove') {
    await removeHosts(options)
    output.result(editorsText.removed)
    return exitCodes.ok
  }
  for (const { exit } of failures) output.progress(exit.message)
  if (verb === 'write') await includeHosts(options)
  const names: string[] = []
  let withoutCount = 0
  for (const account of accounts) {
    const listed = await account.provider.listPods()
    if (!listed.ok) throw new CliExit(exitCodes.unreachable, listed.error.message)
    const { pods } = listed.value
    const hosts = hostsOf(account)
    const described = await hosts.describe(pods)
    names.push(...described.map(({ alias }) => alias))
    withoutCount += pods.length - described.length
    if (verb === 'print') output.result(hosts.preview(described).trimEnd())
    else {
      const done = await hosts.update(pods)
      if (!done.ok) throw new CliExit(exitCodes.failed, done.error)
    }
  }
  if (verb === 'write' && names.length > 0) {
    output.progress(editorsText.written)
    for (const name of names) output.result(name)
    output.progress(editorsText.keptByWatch)
  }
  if (names.length === 0) output.progress(editorsText.noHosts)
  else if (withoutCount > 0) output.progress(editorsText.without(withoutCount))
  return failures.length > 0 ? exitCodes.someAccounts : exitCodes.ok
}
