import type { Monitor } from '../../../core/monitor/monitor-types'
import { overallBudgets } from '../../../core/money/account-settings'
import { mergeSnapshots } from '../../../core/view/merge-snapshots'
import type { CliAccount } from '../../account/account'
import { toAccountSnapshot } from '../../account/account-snapshot'
import { createCliMonitor, type CliMonitorOptions } from '../../account/create-monitor'
import { settleAccounts } from '../../account/settle-accounts'
import { failedExit, failuresOf, printFailures } from '../../commands/find/account-failures'
import { watchedObstacles } from '../../commands/doctor/watched-obstacles'
import { readStatus, statusLines } from '../../commands/status'
import { printResult } from '../../output/command-run'
import { exitCodes } from '../../output/exit'
import { statusJson } from '../../output/json'
import type { CliContext } from '../context/cli-context'
import type { Commands } from '../../program/command-types'

/** Shows the pods once. It is loaded alone, because it is what scripts run again and again. */
export function createStatusCommand(context: CliContext): Pick<Commands, 'status'> {
  const { clock, output } = context
  const report = (text: string): void => output.progress(text)

  const createMonitor = (account: CliAccount, more: Pick<CliMonitorOptions, 'settings'>): Monitor =>
    createCliMonitor({ account, clock, journal: null, report, ...more })

  return {
    async status(options) {
      const config = context.readFolderConfig(options)
      const { accounts, failures } = await context.openAccounts(options, config)
      const settings = () => config.settings
      const monitored = accounts.map((account) => ({
        account,
        name: account.name,
        monitor: createMonitor(account, { settings }),
      }))
      try {
        const reads = await settleAccounts(monitored, async ({ account, monitor }) => {
          const { problem } = await readStatus(monitor, account.provider.readBalance !== undefined)
          if (problem !== null) throw problem
        })
        const failed = failuresOf(monitored, reads)
        if (failed.length === accounts.length) throw failedExit([...failures, ...failed])
        const folder = context.dataFolderOf(options)
        const accountSnapshots = await Promise.all(
          monitored.map(async ({ account, monitor }) => {
            const watched = await watchedObstacles(folder, account.view.id, clock)
            const snapshot = monitor.snapshot()
            const obstacles = (watched.ok ? watched.value : null) ?? snapshot.obstacles
            return toAccountSnapshot(account, { ...snapshot, obstacles }, config.appAccounts)
          }),
        )
        const merged = mergeSnapshots(accountSnapshots, overallBudgets(config.settings), clock.now().wallMs)
        const isAtLeast = merged.burn.isAtLeast || failures.length > 0
        const snapshot = { ...merged, burn: { ...merged.burn, isAtLeast } }
        const problems = new Map([
          ...failures.map(({ name, exit }) => [name, exit.message] as const),
          ...monitored.flatMap(({ account }, index) => {
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
        for (const { monitor } of monitored) monitor.dispose()
      }
    },
  }
}
