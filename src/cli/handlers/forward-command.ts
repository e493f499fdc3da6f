import { openForwardsFile } from '../../node/data-folder/forwards-file'
import { openTerminalInputFile } from '../../node/data-folder/terminal-input-file'
import { createCliPorts } from '../account/cli-ssh'
import type { CliContext } from './context/cli-context'
import { forwardPorts } from '../commands/ports/forward'
import type { Commands } from '../program/command-types'

/** The command that forwards ports of pods. */
export function createForwardCommand(context: CliContext): Pick<Commands, 'forward'> {
  const { clock, output } = context
  return {
    async forward(podQuery, ports, options) {
      const config = context.readFolderConfig(options)
      const folder = context.dataFolderOf(options)
      const inUse = openTerminalInputFile(
        folder,
        () => clock.now().wallMs,
        (line) => output.progress(line),
      )
      return forwardPorts({
        ...context.runOf(options),
        ...(await context.openAccounts(options, config)),
        podQuery,
        ports,
        isListing: options.list === true,
        isForgetting: options.forget === true,
        saved: openForwardsFile(folder),
        ssh: ({ account }) => createCliPorts({ ...context.sshOptions(options, config), account }),
        onActive: ({ account, pod }) => inUse.record(account.view.id, pod.id),
      })
    },
  }
}
