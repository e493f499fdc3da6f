import { fail, ok, type Result } from '../../core/base/result'
import type { SshFailure, SshServerName } from '../../core/terminal/host-key'
import type { NoSessionReason } from '../../core/terminal/kept-session'
import {
  attachScript,
  createScript,
  parseProbe,
  probeScript,
  type SessionProbe,
} from '../../core/terminal/tmux/session-scripts'
import type { TerminalSize } from '../../core/terminal/terminal'
import type { AuthenticatedConnection } from '../connection/authenticate'
import { openChannel } from '../connection/channels'
import type { Connect } from '../connection/connect'
import { startShell } from '../connection/shell'
import type { OpenShell, SessionRequest, ShellSession, SshShell } from '../connection/ssh-shell'
import { framedOutput, framedScript } from '../run/framed-script'
import { newNonce, openControlShell } from './control-shell'
import { openTypedShell } from './typed-shell'

/** A server that ignores what it is asked to run may never answer. */
const LIMIT_MS = 5_000
const MAX_OUTPUT_BYTES = 64 * 1024

type ShellResult = Result<SshShell, SshFailure>

/**
 * Opens shells, in sessions of `tmux` where they are requested. Where a pod can't keep one, the shell is a plain one,
 * and says why.
 */
export function createOpenShell(connect: Connect): OpenShell {
  return async (target, size, prompts, signal, session) => {
    /** Why a plain shell is opened after all, on another connection. */
    let plain: ShellSession | null = null
    let isAgain = false
    /** Where a session was before, a new one gets a second try: a slow pod is no reason to lose the next shell, too. */
    let triesLeft = session?.isExpected === true ? 2 : 1
    const openPlain = async (
      connection: AuthenticatedConnection,
      server: SshServerName,
      opening: AbortSignal,
      why?: ShellSession,
    ): Promise<ShellResult> => {
      const shell = await startShell(connection, server, { kind: 'terminal', size }, opening)
      return shell.ok && why !== undefined ? ok({ ...shell.value, session: why }) : shell
    }
    const open = (): Promise<ShellResult> => {
      isAgain = false
      return connect(target, prompts, signal, async (connection, server, opening) => {
        if (session === undefined) return openPlain(connection, server, opening)
        const unknown = (message: string): ShellResult => {
          connection.disconnect()
          return fail({ kind: 'unreachable', server, message })
        }
        if (plain !== null) return openPlain(connection, server, opening, plain)
        if (server.route === 'proxy') {
          const typed = await openTyped(connection, server, session, size, opening)
          if (typed.kind === 'opened') return typed.opened
          if (typed.kind === 'unknown') return unknown(typed.message)
          connection.disconnect()
          plain = typed.why
          isAgain = true
          return fail({ kind: 'no-shell', message: '' })
        }
        const probe = await probeSessions(connection, session, opening)
        if (probe.kind === 'none')
          return probe.reason === 'failed' && session.isExpected
            ? unknown('The pod didn’t say whether its session is still there.')
            : openPlain(connection, server, opening, probe)
        const shell = await openKept(connection, server, session, size, probe.hasSession, opening)
        if (shell !== 'failed') return shell
        if (probe.hasSession) return unknown('The pod didn’t hand over the session.')
        // Such as a pod without a folder for its socket: the connection ended with tmux.
        triesLeft -= 1
        if (triesLeft === 0) plain = none('failed')
        isAgain = true
        return fail({ kind: 'no-shell', message: '' })
      })
    }
    let opened = await open()
    while (isAgain && !signal.aborted) opened = await open()
    return opened
  }
}

const none = (reason: NoSessionReason): ShellSession => ({ kind: 'none', reason, installCommand: null })

type TypedOutcome =
  | { readonly kind: 'opened'; readonly opened: ShellResult }
  | { readonly kind: 'plain'; readonly why: ShellSession }
  | { readonly kind: 'unknown'; readonly message: string }

/** Wide enough that a shell doesn't wrap what is typed. */
const TYPED_SIZE: TerminalSize = { columns: 250, rows: 50 }

/** For a proxy, which offers a terminal's shell only: everything is typed into that, as for `RunCommand`. */
async function openTyped(
  connection: AuthenticatedConnection,
  server: SshServerName,
  session: SessionRequest,
  size: TerminalSize,
  opening: AbortSignal,
): Promise<TypedOutcome> {
  const terminal = await startShell(connection, server, { kind: 'terminal', size: TYPED_SIZE }, opening)
  if (!terminal.ok) return { kind: 'opened', opened: terminal }
  const nonce = newNonce()
  const typed = await openTypedShell(terminal.value, nonce, opening)
  const { name, historyLines, isExpected, endedNames } = session
  const output = (await typed?.run(probeScript(name, endedNames))) ?? null
  const probe = output === null ? null : parseProbe(output)
  if (typed === null || probe === null || (probe.kind === 'none' && probe.reason === 'failed'))
    return isExpected
      ? { kind: 'unknown', message: 'The pod didn’t say whether its session is still there.' }
      : { kind: 'plain', why: none('proxy') }
  if (probe.kind === 'none') return { kind: 'plain', why: probe }
  const isNew = !probe.hasSession
  const script = isNew ? createScript(name, nonce, size, historyLines) : attachScript(name, nonce)
  const control = { nonce, script, size, historyLines, isNew }
  const kept = await openControlShell(typed.takeOver(), control, opening)
  if (kept !== null) return { kind: 'opened', opened: ok(kept) }
  return isNew
    ? { kind: 'plain', why: none('failed') }
    : { kind: 'unknown', message: 'The pod didn’t hand over the session.' }
}

async function openKept(
  connection: AuthenticatedConnection,
  server: SshServerName,
  { name, historyLines }: SessionRequest,
  size: TerminalSize,
  hasSession: boolean,
  opening: AbortSignal,
): Promise<ShellResult | 'failed'> {
  const shell = await startShell(connection, server, { kind: 'script', command: 'sh' }, opening)
  if (!shell.ok) return shell
  const nonce = newNonce()
  const script = hasSession ? attachScript(name, nonce) : createScript(name, nonce, size, historyLines)
  const control = { nonce, script, size, historyLines, isNew: !hasSession }
  const kept = await openControlShell(shell.value, control, opening)
  return kept === null ? 'failed' : ok(kept)
}

/** Asks a pod whether it can keep a session, by a channel beside the shell. It takes part in nothing else there. */
async function probeSessions(
  connection: AuthenticatedConnection,
  { name, endedNames }: Pick<SessionRequest, 'name' | 'endedNames'>,
  signal: AbortSignal,
): Promise<SessionProbe> {
  const failed: SessionProbe = { kind: 'none', reason: 'failed', installCommand: null }
  try {
    const nonce = newNonce()
    const channel = await openChannel(connection, { kind: 'command', command: 'sh' })
    const output = await new Promise<string | null>((resolve) => {
      let received: Buffer = Buffer.alloc(0)
      const settle = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', settle)
        channel.close()
        const framed = framedOutput(received, nonce)
        resolve(framed === null ? null : framed.bytes.toString('latin1'))
      }
      const timer = setTimeout(settle, LIMIT_MS)
      signal.addEventListener('abort', settle)
      channel.on('close', settle)
      channel.on('data', (bytes: Buffer) => {
        received = Buffer.concat([received, bytes])
        if (received.length > MAX_OUTPUT_BYTES || framedOutput(received, nonce) !== null) settle()
      })
      if (signal.aborted) settle()
      else channel.write(framedScript(probeScript(name, endedNames), nonce))
    })
    return output === null ? failed : parseProbe(output)
  } catch {
    // The server opens no such channel. If the connection is lost, opening the shell reports that.
    return failed
  }
}
