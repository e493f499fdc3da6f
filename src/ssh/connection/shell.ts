import type { ClientChannel } from 'ssh2'
import { fail, ok, type Result } from '../../core/base/result'
import type { TerminalSize } from '../../core/terminal/terminal'
import type { SshFailure, SshServerName } from '../../core/terminal/host-key'
import type { SignedIn } from './authenticate'
import { serverWords } from './error-text'
import type { ShellEnd, SshShell } from './ssh-shell'
import { viewOfKey } from '../keys/public-key'
import { ownReceiveWindow, type ReceiveWindow } from './receive-window'

const TERM = 'xterm-256color'

/** A shell with a PTY on a connection that is signed in; the connection ends with it. */
export function startShell(
  signedIn: SignedIn,
  server: SshServerName,
  size: TerminalSize,
  signal: AbortSignal,
): Promise<Result<SshShell, SshFailure>> {
  const { client } = signedIn
  return new Promise((resolve) => {
    const settle = (result: Result<SshShell, SshFailure>): void => {
      signal.removeEventListener('abort', onAbort)
      client.off('close', onLoss)
      if (!result.ok) signedIn.leave()
      resolve(result)
    }
    const unreachable = (message: string): void => settle(fail({ kind: 'unreachable', server, message }))
    const onAbort = (): void => unreachable('The server let Podkeeper in, and then gave no shell in time.')
    const onLoss = (): void => unreachable(signedIn.lossOf() ?? 'The connection broke off.')
    if (signal.aborted) {
      onAbort()
      return
    }
    signal.addEventListener('abort', onAbort)
    client.on('close', onLoss)
    try {
      const window = ownReceiveWindow(client)
      const pty = { term: TERM, cols: size.columns, rows: size.rows, width: 0, height: 0 }
      client.shell(pty, (error, channel) => {
        if (error === undefined) settle(ok(shellOf(signedIn, channel, window, server)))
        else if (signedIn.lossOf() === null) settle(fail({ kind: 'no-shell', message: noShellWords(error) }))
      })
    } catch {
      onLoss()
    }
  })
}

function noShellWords(error: Error): string {
  return `The server let Podkeeper in and gave no shell: ${serverWords(error.message)}`
}

function shellOf(
  signedIn: SignedIn,
  channel: ClientChannel,
  window: ReceiveWindow,
  server: SshServerName,
): SshShell {
  const { client } = signedIn
  let exit: Extract<ShellEnd, { kind: 'exited' }> | null = null
  let end: ShellEnd | null = null
  let isClosedHere = false
  const listeners: ((how: ShellEnd) => void)[] = []
  window.follow(channel, () => {
    end ??= { kind: 'lost', reason: 'The server sent more than it was asked to.' }
    client.destroy()
  })
  channel.on('exit', (code: number | null, name?: string) => {
    exit ??= { kind: 'exited', code, signal: name ?? null }
  })
  channel.on('close', () => {
    const loss = isClosedHere ? null : signedIn.lossOf()
    end ??=
      exit ?? (loss === null ? { kind: 'exited', code: null, signal: null } : { kind: 'lost', reason: loss })
    signedIn.leave()
    for (const listener of listeners.splice(0)) listener(end)
  })
  // What is written after the connection went is lost with it.
  channel.on('error', () => {})
  channel.stderr.on('error', () => {})

  const whileOpen = (act: () => void): void => {
    if (end !== null || signedIn.lossOf() !== null) return
    try {
      act()
    } catch {
      // It went this moment: its end is told in its turn.
    }
  }
  return {
    server,
    hostKey: viewOfKey(signedIn.hostKey),
    measureRoundTrip: () =>
      new Promise((resolve) => {
        const sinceMs = performance.now()
        try {
          // Ends a forward that was never begun: every server has to answer, and nothing else happens.
          client.unforwardIn('127.0.0.1', 1, () => {
            const ms = performance.now() - sinceMs
            if (signedIn.lossOf() === null) window.fit(ms)
            resolve(signedIn.lossOf() === null ? ms : null)
          })
        } catch {
          resolve(null)
        }
      }),
    write: (bytes) => whileOpen(() => channel.write(bytes)),
    resize: ({ columns, rows }) => whileOpen(() => channel.setWindow(rows, columns, 0, 0)),
    pause: () => void channel.pause(),
    resume: () => void channel.resume(),
    onData(listener) {
      for (const stream of [channel, channel.stderr])
        stream.on('data', (bytes: Buffer) => {
          listener(bytes)
          window.took(bytes.length)
        })
    },
    onEnd(listener) {
      if (end === null) listeners.push(listener)
      else listener(end)
    },
    close() {
      isClosedHere = true
      whileOpen(() => channel.close())
      signedIn.leave()
    },
  }
}
