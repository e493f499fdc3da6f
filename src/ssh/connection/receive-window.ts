import type { Client, ClientChannel } from 'ssh2'

/** What a server may have under way to a terminal, bytes; more would only be drawn later, also after Ctrl-C. */
const MIN_WINDOW_BYTES = 64 * 1024
/** That of ssh2, which knows no other. */
const MAX_WINDOW_BYTES = 2 * 1024 * 1024
/** As fast as a terminal is drawn: what a server that is far has to have under way, bytes per ms of a round trip. */
const RENDERED_BYTES_PER_MS = 20 * 1024
/** A server that sends this much more than it may is not waited for, bytes. */
const OVERRUN_TOLERANCE_BYTES = 256 * 1024

/** What ssh2 has inside, where windows are fixed. */
interface ClientProtocol {
  session: (this: ClientProtocol, channel: number, window: number, packet: number) => void
  channelWindowAdjust: (this: ClientProtocol, channel: number, bytes: number) => void
}

interface ClientInternals {
  readonly _protocol: ClientProtocol
  readonly _sock: NodeJS.ReadableStream
}

export interface ReceiveWindow {
  /** Of the channel that was opened; `onOverrun` is called when its server does not keep to it. */
  attach(channel: ClientChannel, onOverrun: () => void): void
  /** So much of the channel was read: the server may send as much again. */
  consume(bytes: number): void
  /** A window that does not slow a server of this distance. */
  adjust(roundTripMs: number): void
}

/** Takes the windows of the next channels of `client` from ssh2: of one channel at a time, as a terminal has it. */
export function createReceiveWindow(client: Client): ReceiveWindow {
  const { _protocol: protocol, _sock: socket } = client as unknown as ClientInternals
  const { session, channelWindowAdjust } = protocol
  let size = MIN_WINDOW_BYTES
  let minRoundTripMs = Infinity
  protocol.session = (channel, _, packet) => session.call(protocol, channel, size, packet)
  // ssh2 lets a server send 2 MiB more whenever half of that came.
  protocol.channelWindowAdjust = () => {}

  let granted = size
  let consumed = 0
  let grant = (_bytes: number): void => {}
  return {
    attach(channel, onOverrun) {
      const { outgoing } = channel as unknown as { outgoing: { id: number } }
      grant = (bytes) => channelWindowAdjust.call(protocol, outgoing.id, bytes)
      socket.on('data', () => {
        const received = consumed + channel.readableLength + channel.stderr.readableLength
        if (received > granted + OVERRUN_TOLERANCE_BYTES) onOverrun()
      })
    },
    consume(bytes) {
      consumed += bytes
      const increment = size - (granted - consumed)
      if (increment < size / 4) return
      granted += increment
      grant(increment)
    },
    adjust(roundTripMs) {
      // Output that floods makes an answer late: the shortest is the way.
      minRoundTripMs = Math.min(minRoundTripMs, roundTripMs)
      size = Math.min(MAX_WINDOW_BYTES, MIN_WINDOW_BYTES + Math.round(minRoundTripMs) * RENDERED_BYTES_PER_MS)
    },
  }
}
