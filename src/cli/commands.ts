import type { Command } from 'commander'
import { createAccountCommands } from './handlers/account-commands'
import { createChannelCommand } from './handlers/channel-command'
import { createCliContext, type EnvironmentKeys } from './handlers/cli-context'
import { completionsFor } from './commands/completions'
import { createCreationCommands } from './handlers/creation-commands'
import { createControlCommands } from './handlers/control-commands'
import { wantsColor } from './output/color'
import { exitCodes } from './output/exit'
import type { Commands, GlobalOptions } from './program/command-types'
import { createEditorCommands } from './handlers/editor-commands'
import { createFilesCommands } from './handlers/files-command'
import { createForwardCommand } from './handlers/forward-command'
import { createLogsCommand } from './handlers/logs-command'
import { createQueueCommand } from './handlers/queue-command'
import { createMcpCommand } from './handlers/mcp-command'
import { createReadCommands } from './handlers/read-commands'
import { createServeCommands } from './handlers/serve-command'
import { createWatchCommands } from './handlers/watch-commands'

export interface CommandOptions {
  readonly version: string
  /** Removed from the environment first, so that no child process inherits it. */
  readonly environmentKeys: EnvironmentKeys
  readonly program: () => Command
}

/** The commands bound to this process: its terminal, files and signals. */
export function createCommands({ version, environmentKeys, program }: CommandOptions): Commands {
  const { env, stdin, stdout } = process
  const context = createCliContext(version, environmentKeys)
  const hasColor = ({ color }: GlobalOptions): boolean => wantsColor(env, stdout.isTTY, color)
  const watching = createWatchCommands(context, hasColor)
  return {
    ...createReadCommands(context, hasColor),
    ...createLogsCommand(context, hasColor),
    ...createFilesCommands(context),
    ...createForwardCommand(context),
    ...createEditorCommands(context, stdin),
    ...createControlCommands(context, stdin),
    ...createQueueCommand(context, hasColor, stdin),
    ...createChannelCommand(context, hasColor),
    ...createCreationCommands(context, hasColor, stdin),
    ...watching,
    ...createServeCommands(context, watching.watch),
    ...createMcpCommand(context, watching.watch),
    ...createAccountCommands(context, hasColor),
    completions(shell) {
      stdout.write(completionsFor(shell, program()))
      return Promise.resolve(exitCodes.ok)
    },
  }
}
