import { once } from 'node:events'
import type { CliContext } from './cli-context'
import type { Commands, GlobalOptions } from '../program/command-types'
import { printLogs } from '../commands/logs/logs'

/** The command that prints a pod's log. `hasColor`: whether results are colored. */
export function createLogsCommand(
  context: CliContext,
  hasColor: (options: GlobalOptions) => boolean,
): Pick<Commands, 'logs'> {
  const { stdout } = context.process
  return {
    async logs(podQuery, options) {
      const { accounts, failures } = await context.openAccounts(options, context.readFolderConfig(options))
      return printLogs({
        accounts,
        failures,
        podQuery,
        source: options.source ?? null,
        tail: options.tail,
        sinceMs: options.since === undefined ? null : options.since(context.clock.now().wallMs),
        isFollowing: options.follow === true,
        format: { isJson: options.json === true, hasColor: hasColor(options) },
        output: context.output,
        async print(text) {
          if (!stdout.write(text)) await once(stdout, 'drain')
        },
        clock: context.clock,
        random: Math.random,
        onSignal: context.onSignal,
      })
    },
  }
}
