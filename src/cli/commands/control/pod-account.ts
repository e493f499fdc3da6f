import type { Control, ControlAccount, AccountControls } from '../../account/open-control'
import type { NamedAccount } from '../../output/json'
import { settleAccounts } from '../../account/settle-accounts'
import { CliExit } from '../../output/exit'
import type { CliOutput } from '../../output/terminal'
import { findPodAmong } from '../find/find-pod'
import { readAccount } from './controlled-pod'
import { podAccountText } from './control-text'

/** An account in which a pod may be. */
export interface SearchedAccount {
  readonly account: ControlAccount
  /** Only an active program can tell its pods, and nobody minds when none does. */
  readonly isOptional: boolean
}

export interface PodSearchOptions {
  readonly accounts: readonly SearchedAccount[]
  readonly podQuery: string
  /** Opens the accounts for reading. */
  readonly open: (accounts: readonly ControlAccount[]) => Promise<AccountControls>
  readonly output: CliOutput
}

/** The pod that a command is about, in its account. */
export interface CommandPod {
  readonly control: Control
  readonly account: NamedAccount
  readonly podQuery: string
}

export interface FoundPodAccount {
  readonly account: ControlAccount
  /** What to look for in this account. */
  readonly podQuery: string
}

/** The account that has the pod. Throws a `CliExit` where none has, or where it is not clear which one is meant. */
export async function findPodAccount(options: PodSearchOptions): Promise<FoundPodAccount> {
  const { accounts, podQuery, output } = options
  const [first] = accounts
  if (first !== undefined && accounts.length === 1) return { account: first.account, podQuery }
  const controls = await options.open(accounts.map(({ account }) => account))
  try {
    const reads = await settleAccounts(accounts, async (searched) => {
      const { pods } = await readAccount(controlOf(controls.all[accounts.indexOf(searched)]), output)
      return pods
    })
    const lists = accounts.flatMap(({ account }, index) => {
      const read = reads[index]
      return read?.ok ? [{ account, accountName: account.name, pods: read.value }] : []
    })
    const failures = accounts.flatMap(({ account, isOptional }, index) => {
      const read = reads[index]
      return read?.ok === false && !isOptional ? [{ name: account.name, exit: read.error }] : []
    })
    const [failure] = failures
    if (lists.length === 0 && failure !== undefined && failures.length === 1) throw failure.exit
    const unread = failures.map(({ name, exit }) => `${name}: ${exit.message}`)
    if (lists.length === 0 && failure !== undefined)
      throw new CliExit(failure.exit.exitCode, unread.join('\n'))
    const { account, accountName, pod } = findPodAmong(lists, podQuery, unread)
    for (const text of unread) output.progress(text)
    output.progress(podAccountText(pod.name, accountName))
    return { account, podQuery: pod.id }
  } finally {
    controls.close()
  }
}

export function controlOf(control: Control | CliExit | undefined): Control {
  if (control === undefined) throw new Error('The account was not opened.')
  if (control instanceof CliExit) throw control
  return control
}
