import type { Command } from 'commander'
import type { CliContext, EnvironmentKeys } from './handlers/context/cli-context'
import type { CliProcess } from './output/cli-process'
import { exitCodes } from './output/exit'
import type { Commands } from './program/command-types'

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
  const context = once(async () => {
    const { createCliContext } = await import('./handlers/context/cli-context')
    return createCliContext(version, environmentKeys, cliProcess)
  })
  const load = <Name extends keyof Commands>(
    names: readonly Name[],
    create: (shared: CliContext) => Promise<Pick<Commands, Name>>,
  ): Pick<Commands, Name> => loadedCommands(names, async () => create(await context()))
  const watching = load(['watch', 'demo'], async (shared) =>
    (await import('./handlers/watch-commands')).createWatchCommands(shared),
  )
  return {
    ...load(['status'], async (shared) =>
      (await import('./handlers/read/status-command')).createStatusCommand(shared),
    ),
    ...load(['look', 'disk', 'doctor', 'costs', 'history', 'activity'], async (shared) =>
      (await import('./handlers/read/read-commands')).createReadCommands(shared),
    ),
    ...load(['cleanUp'], async (shared) =>
      (await import('./handlers/read/clean-up-command')).createCleanUpCommand(shared),
    ),
    ...load(['logs'], async (shared) => (await import('./handlers/logs-command')).createLogsCommand(shared)),
    ...load(['cp', 'ls'], async (shared) =>
      (await import('./handlers/files-command')).createFilesCommands(shared),
    ),
    ...load(['forward'], async (shared) =>
      (await import('./handlers/forward-command')).createForwardCommand(shared),
    ),
    ...load(['open', 'sshConfig'], async (shared) =>
      (await import('./handlers/editor-commands')).createEditorCommands(shared),
    ),
    ...load(['act', 'keep', 'guard', 'rules', 'autoStop', 'settings', 'next'], async (shared) =>
      (await import('./handlers/control-commands')).createControlCommands(shared),
    ),
    ...load(['apply', 'export'], async (shared) =>
      (await import('./handlers/configuration-commands')).createConfigurationCommands(shared),
    ),
    ...load(['backup', 'restore'], async (shared) =>
      (await import('./handlers/backup-commands')).createBackupCommands(shared),
    ),
    ...load(['queue', 'trust'], async (shared) =>
      (await import('./handlers/queue-command')).createQueueCommand(shared),
    ),
    ...load(['lab', 'labQueue'], async (shared) =>
      (await import('./handlers/lab-command')).createLabCommands(shared),
    ),
    ...load(['channel'], async (shared) =>
      (await import('./handlers/channel-command')).createChannelCommand(shared),
    ),
    ...load(['create', 'rebuild', 'edit', 'gpus', 'templates', 'volumes', 'endpoints'], async (shared) =>
      (await import('./handlers/creation-commands')).createCreationCommands(shared),
    ),
    ...watching,
    ...load(['serve', 'health'], async (shared) =>
      (await import('./handlers/serve-command')).createServeCommands(shared, watching.watch),
    ),
    ...load(['token'], async (shared) =>
      (await import('./handlers/token-command')).createTokenCommand(shared),
    ),
    ...load(['mcp'], async (shared) =>
      (await import('./handlers/agents/mcp-command')).createMcpCommand(shared, watching.watch),
    ),
    ...load(['approve'], async (shared) =>
      (await import('./handlers/agents/approve-command')).createApproveCommand(shared),
    ),
    ...load(['accounts', 'login', 'logout'], async (shared) =>
      (await import('./handlers/accounts/account-commands')).createAccountCommands(shared),
    ),
    async completions(shell) {
      const { completionsFor } = await import('./commands/completions')
      cliProcess.stdout.write(completionsFor(shell, program()))
      return exitCodes.ok
    },
  }
}

/** Commands of these names that are `load`ed once, when the first of them runs. */
function loadedCommands<Name extends keyof Commands>(
  names: readonly Name[],
  load: () => Promise<Pick<Commands, Name>>,
): Pick<Commands, Name> {
  type Run = (...args: readonly unknown[]) => Promise<number>
  const loaded = once(load)
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
