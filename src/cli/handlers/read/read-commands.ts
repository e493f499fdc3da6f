import { allAuditEntries } from '../../../core/audit-log/audit-log'
import type { Monitor } from '../../../core/monitor/monitor-types'
import { historyAccountIds } from '../../../node/data-folder/records/history-files'
import { costsFolder, openLedgerFiles } from '../../../node/data-folder/records/ledger-files'
import { accountIdOf } from '../../../node/account-id'
import { dataFolderLine } from '../../../node/doctor/computer-checks'
import { notificationsLine } from '../../../node/doctor/notifications-line'
import type { CliAccount } from '../../account/account'
import { findAccount, listAccounts } from '../../account/account-list'
import { createCliPodAccess, sshOpener } from '../../account/cli-ssh'
import { dataFiles } from '../../account/config'
import { createCliMonitor, type CliMonitorOptions } from '../../account/create-monitor'
import { settleAccounts } from '../../account/settle-accounts'
import { failedExit, failuresOf, printFailures } from '../../commands/find/account-failures'
import { activityText } from '../../commands/activity'
import { readCosts } from '../../commands/costs/costs'
import { allCostsText, costsCsvText, costsJson } from '../../commands/costs/costs-text'
import { doctor } from '../../commands/doctor/doctor'
import { checkBuild, checkObstacles } from '../../commands/doctor/watched-obstacles'
import { historyCsv, historyJson, historyLines, readPodHistory } from '../../commands/history'
import { disk } from '../../commands/disk'
import { look, type LookOptions } from '../../commands/look'
import { printResult } from '../../output/command-run'
import { exitCodes } from '../../output/exit'
import type { CliContext } from '../context/cli-context'
import { readCommandText } from '../context/cli-text'
import type { Commands, GlobalOptions } from '../../program/command-types'

/** The commands that only read. */
export function createReadCommands(
  context: CliContext,
): Pick<Commands, 'look' | 'disk' | 'doctor' | 'costs' | 'history' | 'activity'> {
  const { clock, env, output } = context
  const report = (text: string): void => output.progress(text)

  const createMonitor = (
    account: CliAccount,
    more: Pick<CliMonitorOptions, 'settings' | 'lookInside' | 'diskReader'>,
  ): Monitor => createCliMonitor({ account, clock, journal: null, report, ...more })

  /** With a monitor for each account, which can look inside its pods. */
  async function withPods(
    options: GlobalOptions,
    use: (found: Pick<LookOptions, 'accounts' | 'failures'>) => Promise<number>,
  ): Promise<number> {
    const config = context.readFolderConfig(options)
    const { accounts, failures } = await context.openAccounts(options, config)
    const { lookInside, diskReader } = createCliPodAccess(context.sshOptions(options, config))
    const monitored = accounts.map((account) => ({
      id: account.view.id,
      name: account.name,
      monitor: createMonitor(account, {
        settings: () => config.settings,
        lookInside: lookInside(account.view.id),
        diskReader: diskReader(account.view.id),
      }),
    }))
    try {
      return await use({ accounts: monitored, failures })
    } finally {
      for (const { monitor } of monitored) monitor.dispose()
    }
  }

  return {
    async look(podQuery, options) {
      return withPods(options, (found) => look({ ...context.runOf(options), ...found, podQuery }))
    },

    async disk(podQuery, options) {
      const folders = options.folders ?? null
      return withPods(options, (found) => disk({ ...context.runOf(options), ...found, podQuery, folders }))
    },

    async doctor(options) {
      const config = context.readFolderConfig(options)
      const { accounts, failures } = await context.openAccounts(options, config)
      const folder = context.dataFolderOf(options)
      const keptIds = context
        .keptKeys(options)
        .filter(({ source }) => source === 'kept')
        .map(({ baseUrl, key }) => accountIdOf(baseUrl, key))
      return doctor({
        ...context.runOf(options),
        accounts: accounts.map((account) => ({
          account,
          compareKeys: (registered) =>
            sshOpener({ ...context.sshOptions(options, config), account })().compareKeys(registered),
          checkObstacles: () => checkObstacles(folder, account.view.id, clock),
          isEnvironmentKey: !keptIds.some((id) => id === account.key?.id),
        })),
        failures,
        isQuick: options.quick === true,
        recordTo: options.record ?? null,
        computerChecks: [
          async () => notificationsLine(env),
          async () => dataFolderLine(folder),
          () => checkBuild(folder, clock),
        ],
        clock,
        version: context.version,
      })
    },

    async costs(options) {
      context.hubifyKeysOf(options).readWithoutPolls()
      const config = context.readFolderConfig(options)
      const { accounts, failures } = await context.openAccounts(options, config)
      const reads = await settleAccounts(
        accounts,
        async ({ name, view, provider }) => {
          const files = openLedgerFiles(costsFolder(context.dataFolderOf(options), view.id), () => false)
          const month = await readCosts(options.month, { provider, files, clock })
          return { account: { id: view.id, name }, month }
        },
        COSTS_PATIENCE_MS,
      )
      const usage = reads.find((read) => !read.ok && read.error.exitCode === exitCodes.usage)
      if (usage?.ok === false) throw usage.error
      const costs = reads.flatMap((read) => (read.ok ? [read.value] : []))
      const failed = [...failures, ...failuresOf(accounts, reads)]
      if (costs.length === 0) throw failedExit(failed)
      const hasSeveral = costs.length + failed.length > 1
      const run = context.runOf(options)
      if (!options.json && options.csv) output.result(costsCsvText(costs, hasSeveral, options.by))
      else
        printResult(
          run,
          () => costsJson(costs, failed, options.by),
          () => allCostsText(costs, failed.length > 0, options.by, run.columns),
        )
      printFailures(failed, output)
      const incomplete = costs.filter(({ month }) => month.isIncomplete)
      const unread = incomplete.flatMap(({ account, month }) =>
        month.unread.map((text) => (hasSeveral ? `${account.name}: ${text}` : text)),
      )
      if (incomplete.length > 0) output.progress([readCommandText.incomplete, ...unread].join(' '))
      if (failed.length > 0) return exitCodes.someAccounts
      return incomplete.length > 0 ? exitCodes.failed : exitCodes.ok
    },

    async history(pod, options) {
      const accounts = listAccounts(context.readFolderConfig(options), await context.listedKeys(options))
      const dataFolder = context.dataFolderOf(options)
      // A key of another environment recorded the history of an account that is not known here.
      const others = historyAccountIds(dataFolder)
        .filter((id) => !accounts.some((account) => account.id === id))
        .map((id) => ({ id, name: id }))
      const chosen =
        options.account === undefined
          ? [...accounts, ...others]
          : [others.find(({ id }) => id === options.account) ?? findAccount(accounts, options.account)]
      const history = await readPodHistory({
        dataFolder,
        accounts: chosen,
        pod,
        sinceMs: options.since,
        nowMs: clock.now().wallMs,
        ...(options.by && { step: options.by }),
      })
      const run = context.runOf(options)
      if (!options.json && options.csv) output.result(historyCsv(history).trimEnd())
      else
        printResult(
          run,
          () => historyJson(history),
          () => historyLines(history, run.columns),
        )
      if (history.rows.length === 0) output.progress(readCommandText.nothingObserved)
      return exitCodes.ok
    },

    async activity(options) {
      const pod = options.pod ?? null
      const accounts = listAccounts(context.readFolderConfig(options), await context.listedKeys(options))
      const account = options.account === undefined ? null : findAccount(accounts, options.account)
      const { kind = null, outcome = null, search = '', since } = options
      const text = activityText(dataFiles(context.dataFolderOf(options)).activity, {
        filter: {
          ...allAuditEntries,
          kind,
          outcome,
          search,
          sinceMs: since?.(clock.now().wallMs) ?? null,
          accountId: account?.id ?? null,
        },
        pod,
        count: options.lines,
        format: options.json ? 'jsonl' : options.csv ? 'csv' : 'text',
        accountNames: new Map(accounts.map(({ id, name }) => [id, name])),
      })
      if (text !== '') output.result(text)
      else if (kind !== null || outcome !== null || since !== undefined || search !== '')
        output.progress(readCommandText.noSuchEntries)
      else output.progress(emptyText(pod, account?.name ?? null))
      return exitCodes.ok
    },
  }
}

/** The bills of a month take several requests. */
const COSTS_PATIENCE_MS = 60_000

function emptyText(pod: string | null, accountName: string | null): string {
  const whose = pod ?? accountName
  return whose === null ? readCommandText.noEntries : readCommandText.noEntriesOf(whose)
}
