import { fail, ok, type Result } from '../../core/base/result'
import type { SshFailure, SshServerName } from '../../core/terminal/host-key'
import type { NoSessionReason } from '../../core/terminal/kept-session'
import { attachScript, createScript } from '../../core/terminal/tmux/session-scripts'
import type { TerminalSize } from '../../core/terminal/terminal'
import type { AuthenticatedConnection } from '../connection/authenticate'
import type { Connect } from '../connection/connect'
import { startShell } from '../connection/shell'
import type { OpenShell, SessionRequest, ShellSession, SshShell } from '../connection/ssh-shell'
import { newNonce, openControlShell } from './control-shell'
import { probeSessions } from './probe-sessions'

type Opened = Result<SshShell, SshFailure>

/**
 * Opens shells, in sessions of `tmux` where they are requested. Where a pod can't keep one, the shell is a plain one,
 * and says why.
 */
export function createOpenShell(connect: Connect): OpenShell {
  return async (target, size, prompts, signal, session) => {
    let hasFailed = false
    const openPlain = async (
      connection: AuthenticatedConnection,
      server: SshServerName,
      opening: AbortSignal,
      why?: ShellSession,
    ): Promise<Opened> => {
      const shell = await startShell(connection, server, { kind: 'terminal', size }, opening)
      return shell.ok && why !== undefined ? ok({ ...shell.value, session: why }) : shell
    }
    const open = (): Promise<Opened> =>
      connect(target, prompts, signal, async (connection, server, opening) => {
        if (session === undefined) return openPlain(connection, server, opening)
        const unknown = (message: string): Opened => {
          connection.disconnect()
          return fail({ kind: 'unreachable', server, message })
        }
        const none = (reason: NoSessionReason): ShellSession => ({
          kind: 'none',
          reason,
          installCommand: null,
        })
        if (server.route === 'proxy')
          return session.isExpected
            ? unknown('Its session can only be reached directly.')
            : openPlain(connection, server, opening, none('proxy'))
        if (hasFailed) return openPlain(connection, server, opening, none('failed'))
        const probe = await probeSessions(connection, session, opening)
        if (probe.kind === 'none')
          return probe.reason === 'failed' && session.isExpected
            ? unknown('The pod didn’t say whether its session is still there.')
            : openPlain(connection, server, opening, probe)
        const shell = await openKept(connection, server, session, size, probe.hasSession, opening)
        if (shell !== 'failed') return shell
        if (probe.hasSession) return unknown('The pod didn’t hand over the session.')
        hasFailed = true
        return fail({ kind: 'no-shell', message: '' })
      })
    const opened = await open()
    // Such as a pod without a folder for its socket: the connection ended with tmux.
    return hasFailed && !signal.aborted ? open() : opened
  }
}

async function openKept(
  connection: AuthenticatedConnection,
  server: SshServerName,
  { name, historyLines }: SessionRequest,
  size: TerminalSize,
  hasSession: boolean,
  opening: AbortSignal,
): Promise<Opened | 'failed'> {
  const shell = await startShell(connection, server, { kind: 'script', command: 'sh' }, opening)
  if (!shell.ok) return shell
  const nonce = newNonce()
  const script = hasSession ? attachScript(name, nonce) : createScript(name, nonce, size, historyLines)
  const control = { nonce, script, size, historyLines, isNew: !hasSession }
  const kept = await openControlShell(shell.value, control, opening)
  return kept === null ? 'failed' : ok(kept)
}
