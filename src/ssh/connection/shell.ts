import type { ClientChannel } from 'ssh2'
import { concatBytes } from '../../core/base/concat-bytes'
import { fail, ok, type Result } from '../../core/base/result'
import type { TerminalSize } from '../../core/terminal/terminal'
import type { SshFailure, SshServerName } from '../../core/terminal/host-key'
import type { AuthenticatedConnection } from './authenticate'
import { cleanServerText } from './error-text'
import type { ShellEnd, SshShell } from './ssh-shell'
import { toHostKeyView } from '../keys/public-key'
import { createReceiveWindow, type ReceiveWindow } from './receive-window'

const TERM = 'xterm-256color'

/**
 * `script`: a command without a PTY, such as `sh`, which reads its script from the input. It echoes nothing, and
 * its errors are dropped.
 */
export type ShellKind =
  | { readonly kind: 'terminal'; readonly size: TerminalSize }
  | { readonly kind: 'script'; readonly command: string }

/** A shell on an authenticated connection. Closing it closes the connection. */
export function startShell(
  connection: AuthenticatedConnection,
  server: SshServerName,
  shellKind: ShellKind,
  signal: AbortSignal,
): Promise<Result<SshShell, SshFailure>> {
  const { client } = connection
  return new Promise((resolve) => {
    const settle = (result: Result<SshShell, SshFailure>): void => {
      signal.removeEventListener('abort', onAbort)
      client.off('close', onLoss)
      if (!result.ok) connection.disconnect()
      resolve(result)
    }
    const unreachable = (message: string): void => settle(fail({ kind: 'unreachable', server, message }))
    const onAbort = (): void =>
      unreachable('Podkeeper signed in, but the server did not open a shell in time.')
    const onLoss = (): void => unreachable(connection.lossReason() ?? 'The connection was lost.')
    if (signal.aborted) {
      onAbort()
      return
    }
    signal.addEventListener('abort', onAbort)
    client.on('close', onLoss)
    try {
      const window = createReceiveWindow(client)
      const onOpen = (error: Error | undefined, channel: ClientChannel): void => {
        if (error === undefined) settle(ok(createShell(connection, channel, window, server, shellKind)))
        else if (connection.lossReason() === null)
          settle(fail({ kind: 'no-shell', message: noShellText(error) }))
      }
      if (shellKind.kind === 'script') client.exec(shellKind.command, onOpen)
      else {
        const { columns: cols, rows } = shellKind.size
        client.shell({ term: TERM, cols, rows, width: 0, height: 0 }, onOpen)
      }
    } catch {
      onLoss()
    }
  })
}

/** Output is passed on once this much of it is there. */
const MAX_JOINED_BYTES = 32 * 1024

function noShellText(error: Error): string {
  return `Podkeeper signed in, but the server did not open a shell: ${cleanServerText(error.message)}`
}

function createShell(
  connection: AuthenticatedConnection,
  channel: ClientChannel,
  window: ReceiveWindow,
  server: SshServerName,
  { kind }: ShellKind,
): SshShell {
  const { client } = connection
  let exit: Extract<ShellEnd, { kind: 'exited' }> | null = null
  let end: ShellEnd | null = null
  let isClosedLocally = false
  const listeners: ((end: ShellEnd) => void)[] = []
  /** Delivers what arrived in this turn. */
  let deliver = (): void => {}
  window.attach(channel, () => {
    end ??= { kind: 'lost', reason: 'The server sent more data than requested.' }
    client.destroy()
  })
  channel.on('exit', (code: number | null, name?: string) => {
    exit ??= { kind: 'exited', code, signal: name ?? null }
  })
  channel.on('close', () => {
    const loss = isClosedLocally ? null : connection.lossReason()
    end ??=
      exit ?? (loss === null ? { kind: 'exited', code: null, signal: null } : { kind: 'lost', reason: loss })
    connection.disconnect()
    deliver()
    for (const listener of listeners.splice(0)) listener(end)
  })
  // Data written after the connection closed is lost.
  channel.on('error', () => {})
  channel.stderr.on('error', () => {})

  const ifOpen = (run: () => void): void => {
    if (end !== null || connection.lossReason() !== null) return
    try {
      run()
    } catch {
      // The connection closed at this moment; its close event reports that.
    }
  }
  return {
    server,
    hostKey: toHostKeyView(connection.hostKey),
    measureRoundTrip: () =>
      new Promise((resolve) => {
        const sinceMs = performance.now()
        try {
          // Cancels a forward that was never started: every server has to reply, and nothing else happens.
          client.unforwardIn('127.0.0.1', 1, () => {
            const ms = performance.now() - sinceMs
            if (connection.lossReason() === null) window.adjust(ms)
            resolve(connection.lossReason() === null ? ms : null)
          })
        } catch {
          resolve(null)
        }
      }),
    write: (bytes) => ifOpen(() => channel.write(bytes)),
    unsentBytes: () => channel.writableLength,
    resize: ({ columns, rows }) => ifOpen(() => channel.setWindow(rows, columns, 0, 0)),
    pause: () => void channel.pause(),
    resume: () => void channel.resume(),
    setReadingSpeed: (bytesPerMs) => window.setReadingSpeed(bytesPerMs),
    onData(listener) {
      // Joined in each turn: a server may send its output in packets of one byte. After a pause, a whole window is read
      // in one turn, so a listener that wants to pause again is asked in between.
      let parts: Uint8Array[] = []
      let length = 0
      deliver = () => {
        if (parts.length === 0) return
        const bytes = concatBytes(parts)
        parts = []
        length = 0
        listener(bytes)
        window.consume(bytes.length)
      }
      const receive = (part: Buffer): void => {
        length += part.length
        if (parts.push(part) === 1) queueMicrotask(deliver)
        if (length >= MAX_JOINED_BYTES) deliver()
      }
      channel.on('data', receive)
      // What the server itself and startup files print here would be mixed into the output of a script.
      channel.stderr.on('data', kind === 'script' ? (bytes) => window.consume(bytes.length) : receive)
    },
    onEnd(listener) {
      if (end === null) listeners.push(listener)
      else listener(end)
    },
    close() {
      isClosedLocally = true
      ifOpen(() => channel.close())
      connection.disconnect()
    },
  }
}
