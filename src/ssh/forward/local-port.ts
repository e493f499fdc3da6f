import { createServer, type Server, type Socket } from 'node:net'
import { fail, ok, type Result } from '../../core/base/result'
import { isPort, SHARED_ADDRESS, type Traffic } from '../../core/ports/port-forward'
import { errorCode } from '../../node/data-folder/files/error-code'
import type { PortChannel } from './open-port-connection'

/** A port of this computer, reachable from this computer only. */
export interface LocalPort {
  /** Not the wanted one where that was in use. */
  readonly port: number
  readonly traffic: () => Traffic
  readonly close: () => void
}

const MAX_TRIES = 100
const MAX_CONNECTIONS = 1_000
/** Where a port below 1024 needs rights that nobody has. */
const UNPRIVILEGED = 8_000

/**
 * Listens on the wanted port or the next free one. `open` leads each connection on, and `onClose` is called when one has
 * closed. The error is a sentence.
 */
export async function listenLocally(
  wanted: number,
  open: () => Promise<PortChannel | null>,
  onClose: () => void = () => {},
  address: string = SHARED_ADDRESS,
): Promise<Result<LocalPort, string>> {
  let [sentBytes, receivedBytes, connections] = [0, 0, 0]
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => {
    connections += 1
    sockets.add(socket)
    socket
      .on('error', () => {})
      .on('close', () => {
        sockets.delete(socket)
        onClose()
      })
    socket.on('data', (bytes) => (sentBytes += bytes.length)).pause()
    void lead(socket, open, (bytes) => (receivedBytes += bytes))
  })
  server.maxConnections = MAX_CONNECTIONS
  const port = await listen(server, wanted, address)
  if (port === null) return fail(noPortText(address, wanted))
  return ok({
    port,
    traffic: () => ({ sentBytes, receivedBytes, connections, openConnections: sockets.size }),
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  })
}

const noPortText = (address: string, wanted: number): string =>
  `No port from ${wanted} on is free ${address === SHARED_ADDRESS ? 'on this computer' : `at ${address}`}.`

async function listen(server: Server, wanted: number, host: string): Promise<number | null> {
  let port = wanted
  for (let tries = 0; tries < MAX_TRIES && isPort(port); tries += 1) {
    const problem = await new Promise<string | null>((resolve) => {
      const onError = (error: Error): void => resolve(errorCode(error) ?? 'failed')
      server.once('error', onError).listen({ host, port, exclusive: true }, () => {
        server.off('error', onError)
        resolve(null)
      })
    })
    if (problem === null) return port
    // This computer doesn't have the address.
    if (problem === 'EADDRNOTAVAIL') return null
    port = problem === 'EACCES' && port < 1_024 ? port + UNPRIVILEGED : port + 1
  }
  return null
}

/** Passes on what either side sends, at the pace of the slower one, until both have ended. */
async function lead(
  socket: Socket,
  open: () => Promise<PortChannel | null>,
  onReceived: (bytes: number) => void,
): Promise<void> {
  const channel = await open()
  if (channel === null || socket.destroyed) {
    channel?.stream.destroy()
    socket.destroy()
    return
  }
  const { stream, isCut } = channel
  stream.on('data', (bytes: Buffer) => onReceived(bytes.length))
  stream.on('error', () => socket.destroy())
  socket.on('error', () => stream.destroy())
  // To a client, what was cut off must not look complete.
  const end = (): void => void (isCut() ? socket.resetAndDestroy() : socket.end())
  stream.on('end', end).on('close', end)
  socket.on('close', () => stream.destroy())
  stream.pipe(socket, { end: false })
  socket.pipe(stream)
}
