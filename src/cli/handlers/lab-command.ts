import { labsOf, listExperiments, parseLabSetting, setLab, showLabs } from '../commands/lab/lab'
import { labCommandText } from '../commands/lab/lab-text'
import { failedExit, printFailures } from '../commands/find/account-failures'
import { plainText } from '../../core/base/text/plain-text'
import { CliExit, exitCodes } from '../output/exit'
import type { Commands, GlobalOptions } from '../program/command-types'
import type { CliContext } from './context/cli-context'
import { recordActivity } from './context/record-activity'

/** The commands about labs of Hubify: their settings, and their own queues. */
export function createLabCommands(context: CliContext): Pick<Commands, 'lab' | 'labQueue'> {
  async function openLabs(options: GlobalOptions) {
    const { accounts, failures } = await context.openAccounts(options, context.readFolderConfig(options))
    if (accounts.length === 0 && failures.length > 0) throw failedExit(failures)
    return { labs: labsOf(accounts), failures }
  }

  return {
    async lab(verb, name, value, options) {
      const run = context.runOf(options)
      if (verb === 'show') return showLabs((await openLabs(options)).labs, run)
      if (verb !== 'set') throw new CliExit(exitCodes.usage, labCommandText.usage)
      const changes = parseLabSetting(name, value)
      context.hubifyKeysOf(options).readForAction()
      // Who changes a setting of a lab asks for the route that Hubify has announced.
      const { labs } = await openLabs({ ...options, announcedRoutes: true })
      return setLab(labs, changes, run, (account) =>
        recordActivity(context, options, (requests) =>
          requests.recordLabChange(account.view.id, plainText(account.name), changes),
        ),
      )
    },
    async labQueue(options) {
      context.hubifyKeysOf(options).readWithoutPolls()
      const { labs, failures } = await openLabs(options)
      const code = await listExperiments(labs, context.runOf(options))
      printFailures(failures, context.output)
      return failures.length > 0 ? exitCodes.someAccounts : code
    },
  }
}
