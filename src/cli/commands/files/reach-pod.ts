import type { CommandRun } from '../../output/command-run'
import { plainText } from '../../../core/base/text/plain-text'
import type { Pod } from '../../../core/pods/pod'
import type { SshTarget } from '../../../ssh/connection/ssh-shell'
import { toSshTarget } from '../../../ssh/connection/ssh-target'
import type { AccountFailure, CliAccount } from '../../account/account'
import { CliExit, exitCodes } from '../../output/exit'
import { findInAccounts } from '../find/find-in-accounts'
import { copyText } from './copy-text'

export interface PodSearch extends Pick<CommandRun, 'output'> {
  readonly accounts: readonly CliAccount[]
  /** Keys that cannot be used. */
  readonly failures: readonly AccountFailure[]
}

export interface ReachablePod {
  readonly account: CliAccount
  readonly pod: Pod
  readonly target: SshTarget
}

/** Finds a pod. Throws a `CliExit`. */
export const findListedPod = (search: PodSearch, podQuery: string): Promise<Omit<ReachablePod, 'target'>> =>
  findInAccounts({ ...search, podQuery }, async ({ provider }) => {
    const listed = await provider.listPods()
    if (listed.ok) return listed.value.pods
    throw new CliExit(exitCodes.unreachable, listed.error.message)
  })

/** Finds a pod that can be reached by direct SSH. Throws a `CliExit`. */
export async function reachPod(
  search: PodSearch,
  podQuery: string,
  noDirectText: string = copyText.noDirect,
): Promise<ReachablePod> {
  const { account, pod } = await findListedPod(search, podQuery)
  const target = toSshTarget(account.view.id, pod)
  if (target === null) throw new CliExit(exitCodes.failed, copyText.notRunning(plainText(pod.name)))
  if (target.ssh.direct === null) throw new CliExit(exitCodes.failed, noDirectText)
  return { account, pod, target }
}
