import type { Command } from 'commander'
import type { CliContext, EnvironmentKeys } from './handlers/cli-context'
import type { CliProcess } from './output/cli-process'
import { wantsColor } from './output/color'
import { exitCodes } from './output/exit'
import type { Commands, GlobalOptions } from './program/command-types'

export interface CommandOptions {
  readonly version: string
  /** Removed from the environment first, so that no child process inherits it. */
  readonly environmentKeys: EnvironmentKeys
  readonly cliProcess: CliProcess
  readonly program: () => Command
}

/**
 * The commands bound to a process: its terminal, files and signals. Each is loaded when it runs, because a run
 * needs one of them, and loading all of them takes longer than most of them do.
 */
export function createCommands({ version, environmentKeys, cliProcess, program }: CommandOptions): Commands {
  const { env, stdout } = cliProcess
  const hasColor = ({ color }: GlobalOptions): boolean => wantsColor(env, stdout.isTTY === true, color)
  const context = once(async () => {
    const { createCliContext } = await import('./handlers/cli-context')
    return createCliContext(version, environmentKeys, cliProcess)
  })
  const watching = loadedCommands(['watch', 'demo'], context, async (shared) => {
    const { createWatchCommands } = await import('./handlers/watch-commands')
    return createWatchCommands(shared, hasColor)
  })
  return {
    ...loadedCommands(
      ['status', 'look', 'doctor', 'costs', 'history', 'activity'],
      context,
      async (shared) => {
        const { createReadCommands } = await import('./handlers/read-commands')
        return createReadCommands(shared, hasColor)
      },
    ),
    ...loadedCommands(['logs'], context, async (shared) => {
      const { createLogsCommand } = await import('./handlers/logs-command')
      return createLogsCommand(shared, hasColor)
    }),
    ...loadedCommands(['cp', 'ls'], context, async (shared) => {
      const { createFilesCommands } = await import('./handlers/files-command')
      return createFilesCommands(shared)
    }),
    ...loadedCommands(['forward'], context, async (shared) => {
      const { createForwardCommand } = await import('./handlers/forward-command')
      return createForwardCommand(shared)
    }),
    ...loadedCommands(['open', 'sshConfig'], context, async (shared) => {
      const { createEditorCommands } = await import('./handlers/editor-commands')
      return createEditorCommands(shared)
    }),
    ...loadedCommands(
      ['act', 'keep', 'guard', 'rules', 'autoStop', 'settings', 'next'],
      context,
      async (shared) => {
        const { createControlCommands } = await import('./handlers/control-commands')
        return createControlCommands(shared)
      },
    ),
    ...loadedCommands(['apply', 'export'], context, async (shared) => {
      const { createConfigurationCommands } = await import('./handlers/configuration-commands')
      return createConfigurationCommands(shared)
    }),
    ...loadedCommands(['backup', 'restore'], context, async (shared) => {
      const { createBackupCommands } = await import('./handlers/backup-commands')
      return createBackupCommands(shared)
    }),
    ...loadedCommands(['queue', 'trust'], context, async (shared) => {
      const { createQueueCommand } = await import('./handlers/queue-command')
      return createQueueCommand(shared, hasColor)
    }),
    ...loadedCommands(['channel'], context, async (shared) => {
      const { createChannelCommand } = await import('./handlers/channel-command')
      return createChannelCommand(shared, hasColor)
    }),
    ...loadedCommands(
      ['create', 'rebuild', 'edit', 'gpus', 'templates', 'volumes'],
      context,
      async (shared) => {
        const { createCreationCommands } = await import('./handlers/creation-commands')
        return createCreationCommands(shared, hasColor)
      },
    ),
    ...watching,
    ...loadedCommands(['serve', 'health'], context, async (shared) => {
      const { createServeCommands } = await import('./handlers/serve-command')
      return createServeCommands(shared, watching.watch)
    }),
    ...loadedCommands(['token'], context, async (shared) => {
      const { createTokenCommand } = await import('./handlers/token-command')
      return createTokenCommand(shared)
    }),
    ...loadedCommands(['mcp'], context, async (shared) => {
      const { createMcpCommand } = await import('./handlers/mcp-command')
      return createMcpCommand(shared, watching.watch)
    }),
    ...loadedCommands(['accounts', 'login', 'logout'], context, async (shared) => {
      const { createAccountCommands } = await import('./handlers/account-commands')
      return createAccountCommands(shared, hasColor)
    }),
    async completions(shell) {
      const { completionsFor } = await import('./commands/completions')
      stdout.write(completionsFor(shell, program()))
      return exitCodes.ok
    },
  }
}

/** Commands of these names that are `load`ed once, when the first of them runs. */
function loadedCommands<Name extends keyof Commands>(
  names: readonly Name[],
  context: () => Promise<CliContext>,
  load: (context: CliContext) => Promise<Pick<Commands, Name>>,
): Pick<Commands, Name> {
  type Run = (...args: readonly unknown[]) => Promise<number>
  const loaded = once(async () => load(await context()))
  const run =
    (name: Name): Run =>
    async (...args) =>
      ((await loaded())[name] as Run)(...args)
  return Object.fromEntries(names.map((name) => [name, run(name)])) as unknown as Pick<Commands, Name>
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | null = null
  return () => (loaded ??= load())
}
