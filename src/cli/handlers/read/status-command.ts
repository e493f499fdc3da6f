import { overallBudgets } from '../../../core/money/account-settings'
import { mergeSnapshots } from '../../../core/view/merge-snapshots'
import type { CliAccount } from '../../account/account'
import { toAccountSnapshot } from '../../account/account-snapshot'
import type { CliConfig } from '../../account/config'
import { settleAccounts } from '../../account/settle-accounts'
import { failedExit, failuresOf, printFailures } from '../../commands/find/account-failures'
import { statusLines } from '../../commands/status'
import { printResult } from '../../output/command-run'
import { exitCodes } from '../../output/exit'
import { statusJson } from '../../output/json'
import type { CliContext } from '../context/cli-context'
import type { PolledStatus } from './polled-status'
import type { Commands } from '../../program/command-types'
import { ok } from '../../../core/base/result'
import { plainText } from '../../../core/base/text/plain-text'
import type { Clock } from '../../../core/base/time/clock'
import type { PodView, Snapshot } from '../../../core/view/snapshot'
import type { ControlRequests } from '../../../node/control/control-requests'
import { askWatch } from '../../commands/doctor/watched-obstacles'

/** An account as the program sees it that watches it, or by one poll of this one. */
interface StatusAccount extends PolledStatus {
  readonly account: CliAccount
  readonly name: string
}

/** Shows the pods once. It is loaded alone, because it is what scripts run again and again. */
export function createStatusCommand(context: CliContext): Pick<Commands, 'status'> {
  const { clock, output, version } = context
  const report = (text: string): void => output.progress(text)

  /** Who watches knows more than one poll shows, such as since when a pod is idle. */
  async function openStatusAccount(
    account: CliAccount,
    folder: string,
    config: CliConfig,
  ): Promise<StatusAccount> {
    const { name, view } = account
    const watched = await watchedSnapshot(folder, view.id, version, clock)
    if (watched?.account?.host === view.host)
      return { account, name, read: async () => {}, snapshot: async () => watched, dispose: () => {} }
    const { openPolledStatus } = await import('./polled-status')
    return { account, name, ...openPolledStatus(account, folder, clock, () => config.settings, report) }
  }

  return {
    async status(options) {
      const config = context.readFolderConfig(options)
      const folder = context.dataFolderOf(options)
      const { accounts, failures } = await context.openAccounts(options, config)
      const shown = await Promise.all(accounts.map((account) => openStatusAccount(account, folder, config)))
      try {
        const reads = await settleAccounts(shown, ({ read }) => read())
        const failed = failuresOf(shown, reads)
        if (failed.length === accounts.length) throw failedExit([...failures, ...failed])
        const accountSnapshots = await Promise.all(
          shown.map(async ({ account, snapshot }) =>
            toAccountSnapshot(account, await snapshot(), config.appAccounts),
          ),
        )
        const merged = mergeSnapshots(accountSnapshots, overallBudgets(config.settings), clock.now().wallMs)
        const isAtLeast = merged.burn.isAtLeast || failures.length > 0
        const snapshot = { ...merged, burn: { ...merged.burn, isAtLeast } }
        const problems = new Map([
          ...failures.map(({ name, exit }) => [name, exit.message] as const),
          ...shown.flatMap(({ account }, index) => {
            const read = reads[index]
            return read?.ok === false ? [[account.view.id, read.error.message] as const] : []
          }),
        ])
        const run = context.runOf(options)
        printResult(
          run,
          () => statusJson(snapshot, problems),
          () => statusLines(snapshot, run.columns),
        )
        printFailures([...failures, ...failed], output)
        return failures.length + failed.length === 0 ? exitCodes.ok : exitCodes.someAccounts
      } finally {
        for (const { dispose } of shown) dispose()
      }
    },
  }
}

/**
 * The account as the program sees it that watches the data folder. Null: none does, it runs another version, it doesn't
 * reach the account, or it doesn't answer.
 */
export async function watchedSnapshot(
  dataFolder: string,
  accountId: string,
  version: string,
  clock: Pick<Clock, 'now'>,
): Promise<Snapshot | null> {
  const text = await askWatch(dataFolder, accountId, clock, async (requests) => {
    const health = await requests.health()
    const isSame = health.ok && health.value.version === version && health.value.isOutdated !== true
    return isSame ? requests.snapshot() : ok(null)
  })
  return text.ok && text.value !== null ? readSnapshot(text.value) : null
}

/** Its texts are shown as they are, so that they are made plain here. Null: it is no snapshot. */
function readSnapshot({ pods, rest }: ReturnType<ControlRequests['snapshot']>): Snapshot | null {
  const parse = (text: string): unknown =>
    JSON.parse(text, (_key, value: unknown) => (typeof value === 'string' ? plainText(value) : value))
  try {
    const snapshot = { ...(parse(rest) as Snapshot), pods: pods.map((text) => parse(text) as PodView) }
    // What can't be drawn is found out now, when there is another way.
    statusLines(snapshot, 80)
    statusJson(snapshot)
    return snapshot.connection.kind === 'live' ? snapshot : null
  } catch {
    return null
  }
}
