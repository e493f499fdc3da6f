import type { Client, ClientChannel } from 'ssh2'

/** What a server may have under way to a terminal, bytes; more would only be drawn later, also after Ctrl-C. */
const LEAST_WINDOW = 64 * 1024
/** That of ssh2, which knows no other. */
const MOST_WINDOW = 2 * 1024 * 1024
/** As fast as a terminal is drawn: what a server that is far has to have under way, bytes per ms of a round trip. */
const DRAWN_PER_MS = 20 * 1024
/** A server that sends this much more than it may is not waited for, bytes. */
const LENIENCY = 256 * 1024

/** What ssh2 has inside, where windows are fixed. */
interface Protocol {
  session: (this: Protocol, channel: number, window: number, packet: number) => void
  channelWindowAdjust: (this: Protocol, channel: number, bytes: number) => void
}

interface Insides {
  readonly _protocol: Protocol
  readonly _sock: NodeJS.ReadableStream
}

export interface ReceiveWindow {
  /** Of the channel that was opened; `onOverrun` is called when its server does not keep to it. */
  follow(channel: ClientChannel, onOverrun: () => void): void
  /** So much of the channel was read: the server may send as much again. */
  took(bytes: number): void
  /** A window that does not slow a server of this distance. */
  fit(roundTripMs: number): void
}

/** Takes the windows of the next channels of `client` from ssh2: of one channel at a time, as a terminal has it. */
export function ownReceiveWindow(client: Client): ReceiveWindow {
  const { _protocol: protocol, _sock: socket } = client as unknown as Insides
  const { session, channelWindowAdjust } = protocol
  let size = LEAST_WINDOW
  let shortestMs = Infinity
  protocol.session = (channel, _, packet) => session.call(protocol, channel, size, packet)
  // ssh2 lets a server send 2 MiB more whenever half of that came.
  protocol.channelWindowAdjust = () => {}

  let granted = size
  let taken = 0
  let grant = (_bytes: number): void => {}
  return {
    follow(channel, onOverrun) {
      const { outgoing } = channel as unknown as { outgoing: { id: number } }
      grant = (bytes) => channelWindowAdjust.call(protocol, outgoing.id, bytes)
      socket.on('data', () => {
        const came = taken + channel.readableLength + channel.stderr.readableLength
        if (came > granted + LENIENCY) onOverrun()
      })
    },
    took(bytes) {
      taken += bytes
      const more = size - (granted - taken)
      if (more < size / 4) return
      granted += more
      grant(more)
    },
    fit(roundTripMs) {
      // Output that floods makes an answer late: the shortest is the way.
      shortestMs = Math.min(shortestMs, roundTripMs)
      size = Math.min(MOST_WINDOW, LEAST_WINDOW + Math.round(shortestMs) * DRAWN_PER_MS)
    },
  }
}
