import { readQueue } from '../../node/data-folder/journal/journal'
import { queuePath } from '../../node/data-folder/journal/lazy-journal'
import { exportJobs } from '../commands/queue/export-jobs'
import { setTimeout as wait } from 'node:timers/promises'
import type { CliAccount } from '../account/account'
import { openAskingSsh } from '../account/cli-ssh'
import { trustPod } from '../commands/queue/trust'
import type { CliContext } from './context/cli-context'
import { findAccount, listAccounts } from '../account/account-list'
import { writeProblem } from '../../node/data-folder/format/folder-format'
import { CliExit, exitCodes } from '../output/exit'
import { openControl } from '../account/open-control'
import { createPresetFinder } from '../../node/queue/preset-finder'
import { environmentLines } from '../commands/create/environment-lines'
import { runQueueCommand } from '../commands/queue/queue'
import type { Commands, GlobalOptions } from '../program/command-types'

/** The commands about the queue of jobs. */
export function createQueueCommand(context: CliContext): Pick<Commands, 'queue' | 'trust'> {
  const { clock, env, output } = context

  /** The account that is asked for, by name or id. */
  async function accountIdOf(options: GlobalOptions): Promise<string | null> {
    if (options.account === undefined) return null
    const config = context.readFolderConfig(options)
    return findAccount(listAccounts(config, await context.listedKeys(options)), options.account).id
  }

  return {
    async trust(podQuery, options) {
      const config = context.readFolderConfig(options)
      const folder = context.writableFolderOf(options)
      // A folder that is new, or not in the present format, can be written to once a program holds it.
      const lock = context.lockDataFolder(options)
      await lock.start()
      const problem = writeProblem(folder)
      if (problem !== null) {
        lock.dispose()
        throw new CliExit(exitCodes.failed, problem)
      }
      let accounts: readonly CliAccount[] = []
      try {
        accounts = (await context.openAccounts(options, config)).accounts
        return await trustPod({
          ...context.runOf(options),
          accounts,
          podQuery,
          fingerprint: options.fingerprint ?? null,
          openSsh: (account) => openAskingSsh({ ...context.sshOptions(options, config), account }),
        })
      } finally {
        lock.dispose()
        await Promise.all(accounts.map((account) => account.close()))
      }
    },
    async queue(request, options) {
      const folder = context.dataFolderOf(options)
      const findPreset = createPresetFinder(folder)
      if (request.verb === 'export') {
        exportJobs({
          ...request,
          records: readQueue(queuePath(folder)) ?? [],
          presetForm: (name) => findPreset(name)?.form ?? null,
          output,
        })
        return exitCodes.ok
      }
      const config = context.readFolderConfig(options)
      const command =
        request.verb === 'add'
          ? {
              ...request,
              lines: environmentLines(request.choices.env ?? [], request.choices.envFile, env),
              accountId: await accountIdOf(options),
            }
          : request.verb === 'auto'
            ? { ...request, accountId: await accountIdOf(options) }
            : request
      const control = await openControl(
        context.controlOptions(options, config, command.verb === 'list' || command.verb === 'log'),
        null,
      )
      try {
        return await runQueueCommand({
          ...context.runOf(options),
          control,
          command,
          presetDigest: (name) => findPreset(name)?.digest ?? null,
          nowMs: () => clock.now().wallMs,
          wait: (ms) => wait(ms),
        })
      } finally {
        control.close()
      }
    },
  }
}
