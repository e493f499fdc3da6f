import { cleanUpText } from '../../../core/clean-up/clean-up-text'
import { costsFolder, openLedgerFiles } from '../../../node/data-folder/records/ledger-files'
import { sshOpener } from '../../account/cli-ssh'
import { homeFolder } from '../../account/data-folder'
import { settleAccounts } from '../../account/settle-accounts'
import { isWhole, readLeftovers } from '../../commands/clean-up/read-leftovers'
import { allLeftoverLines, leftoversJson } from '../../commands/clean-up/clean-up-text'
import { failedExit, failuresOf, printFailures } from '../../commands/find/account-failures'
import { printResult } from '../../output/command-run'
import { exitCodes } from '../../output/exit'
import type { Commands } from '../../program/command-types'
import type { CliContext } from '../context/cli-context'
import { readCommandText } from '../context/cli-text'

/** Lists what accounts may have left over. Deletes nothing. */
export function createCleanUpCommand(context: CliContext): Pick<Commands, 'cleanUp'> {
  const { clock, env, output } = context
  return {
    async cleanUp(options) {
      context.hubifyKeysOf(options).readWithoutPolls()
      const config = context.readFolderConfig(options)
      const { accounts, failures } = await context.openAccounts(options, config)
      const reads = await settleAccounts(accounts, async (account) => {
        const { name, view, provider } = account
        const ssh = sshOpener({ ...context.sshOptions(options, config), account })
        return {
          account: { id: view.id, name },
          view: await readLeftovers({
            provider,
            files: openLedgerFiles(costsFolder(context.dataFolderOf(options), view.id), () => false),
            nowMs: clock.now().wallMs,
            foreignKeys: async (registered) =>
              homeFolder(env) === null
                ? { kind: 'unknown', why: cleanUpText.keyFolderUnread }
                : ssh().foreignKeys(view.id, registered),
          }),
        }
      })
      const found = reads.flatMap((read) => (read.ok ? [read.value] : []))
      const failed = [...failures, ...failuresOf(accounts, reads)]
      if (found.length === 0) throw failedExit(failed)
      const run = context.runOf(options)
      printResult(
        run,
        () => leftoversJson(found, failed),
        () => allLeftoverLines(found, found.length + failed.length > 1, run.columns),
      )
      printFailures(failed, output)
      if (failed.length > 0) return exitCodes.someAccounts
      if (found.every(({ view }) => isWhole(view))) return exitCodes.ok
      output.progress(readCommandText.incomplete)
      return exitCodes.failed
    },
  }
}
