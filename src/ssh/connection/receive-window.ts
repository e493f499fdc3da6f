import type { Client, ClientChannel } from 'ssh2'

/**
 * Bytes that a server may have in flight to a terminal. More would only delay drawing, including after
 * Ctrl-C.
 */
const MIN_WINDOW_BYTES = 64 * 1024
/** ssh2's window size, which it doesn't let callers change. */
const MAX_WINDOW_BYTES = 2 * 1024 * 1024
/**
 * Bytes per ms of round trip, at the speed at which a terminal draws at best. A distant server needs this much in
 * flight.
 */
const MAX_RENDERED_BYTES_PER_MS = 20 * 1024
/** A server that exceeds its window by this many bytes is disconnected. */
const OVERRUN_TOLERANCE_BYTES = 256 * 1024

/** ssh2 internals, where window sizes are fixed. */
interface ClientProtocol {
  session: (this: ClientProtocol, channel: number, window: number, packet: number) => void
  channelWindowAdjust: (this: ClientProtocol, channel: number, bytes: number) => void
}

interface ClientInternals {
  readonly _protocol: ClientProtocol
  readonly _sock: NodeJS.ReadableStream
}

export interface ReceiveWindow {
  /** Applies to the opened channel. `onOverrun` is called when the server exceeds its window. */
  attach(channel: ClientChannel, onOverrun: () => void): void
  /** Reports how many bytes of the channel were read; the server may then send as many again. */
  consume(bytes: number): void
  /** Sets the size that doesn't slow down a server with this round-trip time. */
  adjust(roundTripMs: number): void
  /** The same for how fast its output is used, bytes per ms; null: not known. */
  setReadingSpeed(bytesPerMs: number | null): void
}

/**
 * Takes over ssh2's window handling for the next channels of `client`. It supports one channel at a time,
 * which is all a terminal needs.
 */
export function createReceiveWindow(client: Client): ReceiveWindow {
  const { _protocol: protocol, _sock: socket } = client as unknown as ClientInternals
  const { session, channelWindowAdjust } = protocol
  let size = MIN_WINDOW_BYTES
  let minRoundTripMs = Infinity
  let bytesPerMs = MAX_RENDERED_BYTES_PER_MS
  protocol.session = (channel, _, packet) => session.call(protocol, channel, size, packet)
  // ssh2 grants another 2 MiB whenever half of the window was received.
  protocol.channelWindowAdjust = () => {}

  function resize(): void {
    if (minRoundTripMs === Infinity) return
    size = Math.min(MAX_WINDOW_BYTES, MIN_WINDOW_BYTES + Math.round(Math.round(minRoundTripMs) * bytesPerMs))
  }

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
      // Heavy output delays replies, so the shortest round trip is the best estimate.
      minRoundTripMs = Math.min(minRoundTripMs, roundTripMs)
      resize()
    },
    setReadingSpeed(speed) {
      bytesPerMs = Math.min(MAX_RENDERED_BYTES_PER_MS, speed ?? Infinity)
      resize()
    },
  }
}
