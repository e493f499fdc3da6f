import type { ClientChannel } from 'ssh2'
import type { AuthenticatedConnection } from './authenticate'

/** What a channel leads to: a program, a subsystem, or a port that the server connects to. */
export type SshChannelTarget =
  | { readonly kind: 'command'; readonly command: string }
  | { readonly kind: 'subsystem'; readonly name: string }
  | { readonly kind: 'port'; readonly host: string; readonly port: number }

/**
 * Opens one of several channels of a connection. Its window is that of ssh2, and what a program prints as errors is
 * dropped. Rejects when the server refuses or the connection is lost.
 */
export function openChannel(
  { client }: AuthenticatedConnection,
  wanted: SshChannelTarget,
): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const onLoss = (): void => reject(new Error('The connection was lost.'))
    client.setMaxListeners(0).once('close', onLoss)
    const onOpen = (error: Error | undefined, channel: ClientChannel): void => {
      client.off('close', onLoss)
      if (error !== undefined) {
        reject(error)
        return
      }
      refuseOverrun(channel, () => client.destroy())
      // A lost connection is seen by the channel's end.
      channel.on('error', () => {})
      channel.stderr?.on('error', () => {}).resume()
      resolve(channel)
    }
    switch (wanted.kind) {
      case 'command':
        client.exec(wanted.command, onOpen)
        return
      case 'subsystem':
        client.subsys(wanted.name, onOpen)
        return
      case 'port':
        // The address and port of the client that a server may log.
        client.forwardOut('127.0.0.1', 0, wanted.host, wanted.port, onOpen)
    }
  })
}

/** Bytes beyond the window, of packets that crossed. */
const OVERRUN_TOLERANCE_BYTES = 256 * 1024

/** ssh2 keeps what a server sends beyond the window, without a limit. */
function refuseOverrun(channel: ClientChannel, disconnect: () => void): void {
  const { incoming } = channel as unknown as { readonly incoming: { readonly window: number } }
  const push = channel.push.bind(channel)
  channel.push = (bytes, encoding) => {
    if (incoming.window >= -OVERRUN_TOLERANCE_BYTES) return push(bytes, encoding)
    disconnect()
    return false
  }
}
