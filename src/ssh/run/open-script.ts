import { fail, type Result } from '../../core/base/result'
import type { JobHostKeys } from '../../core/terminal/seen-host-key'
import type { Connect } from '../connection/connect'
import { startShell } from '../connection/shell'
import type { SshShell, SshTarget } from '../connection/ssh-shell'
import { type RunFailure, toRunFailure } from './run-failure'
import { unattendedPrompts } from './unattended'

/**
 * Runs a command in a pod by direct SSH for its input and output as bytes, without asking anything. Closing it
 * closes its connection. See `RunCommand`.
 */
export type OpenScript = (
  target: SshTarget,
  /** For the user's shell; `sh` reads a script from the input. */
  command: string,
  signal: AbortSignal,
  jobHostKeys?: JobHostKeys,
) => Promise<Result<SshShell, RunFailure>>

export function createOpenScript(connect: Connect): OpenScript {
  return async (target, command, signal, jobHostKeys) => {
    const prompts = unattendedPrompts(jobHostKeys)
    const directly = { ...target, ssh: { ...target.ssh, proxy: null } }
    const shell = await connect(directly, prompts, signal, (connection, server, opening) =>
      startShell(connection, server, { kind: 'script', command }, opening),
    )
    return shell.ok ? shell : fail(toRunFailure(shell.error, prompts.question()))
  }
}
