import { once } from 'node:events'
import type { CliContext } from './context/cli-context'
import type { Commands } from '../program/command-types'
import { printLogs } from '../commands/logs/logs'

/** The command that prints a pod's log. */
export function createLogsCommand(context: CliContext): Pick<Commands, 'logs'> {
  const { stdout } = context.process
  return {
    async logs(podQuery, options) {
      const { accounts, failures } = await context.openAccounts(options, context.readFolderConfig(options))
      return printLogs({
        ...context.runOf(options),
        accounts,
        failures,
        podQuery,
        source: options.source ?? null,
        tail: options.tail,
        sinceMs: options.since === undefined ? null : options.since(context.clock.now().wallMs),
        isFollowing: options.follow === true,
        format: { isJson: options.json === true, hasColor: context.hasColor(options) },
        async print(text) {
          if (!stdout.write(text)) await once(stdout, 'drain')
        },
        clock: context.clock,
        random: Math.random,
      })
    },
  }
}
