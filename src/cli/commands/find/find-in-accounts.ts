import type { PodView } from '../../../core/view/snapshot'
import type { AccountFailure } from '../../account/account'
import { settleAccounts } from '../../account/settle-accounts'
import type { CliOutput } from '../../output/terminal'
import { failedExit, failuresOf, printFailures } from './account-failures'
import { findPodAmong } from './find-pod'

interface Search<Account> {
  readonly accounts: readonly Account[]
  /** Keys that cannot be used. */
  readonly failures: readonly AccountFailure[]
  readonly podQuery: string
  readonly output: CliOutput
}

/**
 * Reads the pods of all accounts and finds the one with this id or name; see `findPodAmong`. Prints a line for each
 * account that could not be read. Throws a `CliExit` without such a pod, or when no account could be read.
 */
export async function findInAccounts<
  Account extends { readonly name: string },
  Pod extends Pick<PodView, 'id' | 'name' | 'phase'>,
>(
  { accounts, failures, podQuery, output }: Search<Account>,
  listPods: (account: Account) => Promise<readonly Pod[]>,
): Promise<{ readonly account: Account; readonly pod: Pod }> {
  const reads = await settleAccounts(accounts, listPods)
  const lists = accounts.flatMap((account, index) => {
    const read = reads[index]
    return read?.ok ? [{ account, accountName: account.name, pods: read.value }] : []
  })
  const failed = [...failures, ...failuresOf(accounts, reads)]
  if (lists.length === 0) throw failedExit(failed)
  const unread = failed.map(({ name, exit }) => `${name}: ${exit.message}`)
  const found = findPodAmong(lists, podQuery, unread)
  printFailures(failed, output)
  return found
}
