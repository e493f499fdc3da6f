import type { CommandRun } from '../output/command-run'
import type { InsideVerdict } from '../../core/idle/inside/inside-look'
import type { Monitor } from '../../core/monitor/monitor-types'
import type { Result } from '../../core/base/result'
import type { PodView } from '../../core/view/snapshot'
import type { AccountFailure } from '../account/account'
import { exitCodes } from '../output/exit'
import { accountJson, iso, JSON_VERSION, type NamedAccount } from '../output/json'
import { findInAccounts } from './find/find-in-accounts'
import { lookText } from './commands-text'
import { connectionExit, firstSnapshot } from './first-snapshot'

/** An account in which the pod may be. */
export interface LookedAccount extends NamedAccount {
  readonly monitor: Monitor
}

export interface LookOptions extends Pick<CommandRun, 'isJson' | 'output'> {
  readonly accounts: readonly LookedAccount[]
  /** Keys that cannot be used. */
  readonly failures: readonly AccountFailure[]
  readonly podQuery: string
}

/** Finds the one pod that is asked about, and ends the monitors of other accounts. Throws a `CliExit` without such a pod. */
export async function findOnlyPod(
  options: Pick<LookOptions, 'accounts' | 'failures' | 'podQuery' | 'output'>,
): Promise<{ readonly account: LookedAccount; readonly pod: PodView }> {
  const found = await findInAccounts(options, async ({ monitor }) => {
    const { connection, pods } = await firstSnapshot(monitor)
    const problem = connectionExit(connection)
    if (problem) throw problem
    return pods
  })
  for (const each of options.accounts) if (each !== found.account) each.monitor.dispose()
  return found
}

/** Looks inside a pod and prints what it does; returns the exit code. */
export async function look(options: LookOptions): Promise<number> {
  const { isJson, output } = options
  const { account, pod } = await findOnlyPod(options)
  const { monitor } = account
  output.status(lookText.looking(pod.name))
  const result = await monitor.lookInside(pod.id)
  output.clearStatus()
  if (isJson) output.result(lookJson(pod, account, result))
  else if (result.ok)
    output.result(lookText.found(pod.name, result.value.kind === 'working', result.value.text))
  if (!result.ok) output.progress(result.error)
  return result.ok ? exitCodes.ok : exitCodes.failed
}

function lookJson(
  { id, name }: Pick<PodView, 'id' | 'name'>,
  account: NamedAccount,
  result: Result<InsideVerdict, string>,
): string {
  const found = result.ok
    ? { verdict: result.value.kind, at: iso(result.value.atMs), message: result.value.text }
    : { verdict: null, at: null, message: result.error }
  return JSON.stringify(
    { version: JSON_VERSION, account: accountJson(account), pod: { id, name }, ...found },
    null,
    2,
  )
}
