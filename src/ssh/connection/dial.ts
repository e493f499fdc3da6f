import { connect, type Socket } from 'node:net'
import { fail, ok, type Result } from '../../core/base/result'
import type { SshFailure, SshServerName } from '../../core/terminal/host-key'
import { connectErrorText } from './error-text'

/**
 * Bytes that a server may send before its SSH version line (RFC 4253 §4.2). OpenSSH's client allows the same
 * amount.
 */
export const MAX_GREETING_BYTES = 256 * 1024
/** Length limit of the version line. The RFC allows 255; some servers send slightly more. */
const MAX_LINE_BYTES = 8 * 1024

/**
 * Opens a TCP connection whose server has sent its SSH version line; anything sent before that is dropped.
 * Ends when `signal` aborts, so it needs no deadline of its own.
 */
export function dial(server: SshServerName, signal: AbortSignal): Promise<Result<Socket, SshFailure>> {
  return new Promise((resolve) => {
    const socket = connect({ host: server.host, port: server.port, autoSelectFamily: true })
    // Without this, every keystroke waits for the echo of the previous one. See docs/quality.md#3-ssh.
    socket.setNoDelay(true)
    const greeting = new Greeting()
    let isConnected = false

    const settle = (result: Result<Socket, SshFailure>): void => {
      signal.removeEventListener('abort', onAbort)
      socket.off('data', onData).off('error', onError).off('close', onClose).off('end', onClose)
      if (!result.ok) socket.on('error', () => {}).destroy()
      resolve(result)
    }
    const unreachable = (message: string): void => settle(fail({ kind: 'unreachable', server, message }))
    const onAbort = (): void =>
      unreachable(
        isConnected
          ? `${server.host}:${server.port} accepted the connection but sent nothing.`
          : `${server.host}:${server.port} did not answer.`,
      )
    const onError = (error: Error): void => {
      // A forwarded port with nothing behind it accepts a connection and closes it immediately.
      if (isConnected || ('code' in error && error.code === 'ECONNRESET'))
        settle(fail({ kind: 'no-ssh-server', server }))
      else unreachable(connectErrorText(error, server))
    }
    const onClose = (): void => settle(fail({ kind: 'no-ssh-server', server }))
    const onData = (bytes: Buffer): void => {
      const read = greeting.read(bytes)
      if (read === 'more') return
      if (read === 'not-ssh') {
        settle(fail({ kind: 'no-ssh-server', server }))
        return
      }
      socket.pause()
      socket.unshift(read)
      // Paused until the next owner of the socket attaches its listeners.
      socket.on('error', () => {})
      settle(ok(socket))
    }

    if (signal.aborted) {
      onAbort()
      return
    }
    signal.addEventListener('abort', onAbort)
    socket.on('connect', () => (isConnected = true))
    socket.on('data', onData).on('error', onError).on('close', onClose).on('end', onClose)
  })
}

/** Looks for the line that begins with "SSH-". */
export class Greeting {
  readonly #lines: Buffer[] = []
  #lineBytes = 0
  #bytes = 0

  /** The bytes received from that line on; or that more data is needed; or that this is not an SSH server. */
  read(bytes: Buffer): Buffer | 'more' | 'not-ssh' {
    let rest = bytes
    for (;;) {
      const end = rest.indexOf(0x0a)
      const part = end === -1 ? rest : rest.subarray(0, end + 1)
      this.#lines.push(part)
      this.#lineBytes += part.length
      this.#bytes += part.length
      if (this.#bytes > MAX_GREETING_BYTES) return 'not-ssh'
      if (end === -1) return this.#isLineTooLong() ? 'not-ssh' : 'more'
      const line = Buffer.concat(this.#lines)
      rest = rest.subarray(end + 1)
      if (line.subarray(0, 4).toString('latin1') === 'SSH-') {
        return /^SSH-(2\.0|1\.99)-/.test(line.toString('latin1')) ? Buffer.concat([line, rest]) : 'not-ssh'
      }
      this.#lines.length = 0
      this.#lineBytes = 0
    }
  }

  #isLineTooLong(): boolean {
    return this.#lineBytes > MAX_LINE_BYTES && this.#lines[0]?.subarray(0, 4).toString('latin1') === 'SSH-'
  }
}
