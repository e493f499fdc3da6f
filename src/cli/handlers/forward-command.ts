import { openForwardsFile } from '../../node/data-folder/forwards-file'
import { openTerminalInputFile } from '../../node/data-folder/terminal-input-file'
import { createCliPorts } from '../account/cli-ssh'
import type { CliContext } from './cli-context'
import { forwardPorts } from '../commands/ports/forward'
import type { Commands } from '../program/command-types'

/** The command that forwards ports of pods. */
export function createForwardCommand(context: CliContext): Pick<Commands, 'forward'> {
  const { clock, env, output } = context
  const report = (text: string): void => output.progress(text)
  return {
    async forward(podQuery, ports, options) {
      const config = context.readFolderConfig(options)
      const folder = context.dataFolderOf(options)
      const inUse = openTerminalInputFile(folder, () => clock.now().wallMs, report)
      return forwardPorts({
        ...(await context.openAccounts(options, config)),
        podQuery,
        ports,
        isListing: options.list === true,
        isForgetting: options.forget === true,
        isJson: options.json === true,
        saved: openForwardsFile(folder),
        ssh: ({ account }) =>
          createCliPorts({ folder, account, clock, env, settings: () => config.settings, report }),
        onActive: ({ account, pod }) => inUse.record(account.view.id, pod.id),
        onSignal: context.onSignal,
        output,
      })
    },
  }
}
