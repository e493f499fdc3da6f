import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Connections between the app and a simulated Runpod that can be silent for a while. */
export interface SilentRelay {
  readonly url: string
  /** From now on new connections are accepted, and nothing that is sent over them arrives. */
  silence(): void
  /** What was sent meanwhile arrives. */
  speak(): void
}

export async function openSilentRelay(upstream: string): Promise<SilentRelay> {
  const port = Number(new URL(upstream).port)
  const waiting = new Set<Socket>()
  let isSilent = false
  const join = (socket: Socket): void => {
    const other = connect(port, '127.0.0.1')
    for (const [one, counterpart] of [
      [socket, other],
      [other, socket],
    ] as const)
      one.pipe(counterpart).on('error', () => one.destroy())
  }
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    if (isSilent) waiting.add(socket)
    else join(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // It ends with the test's process.
  server.unref()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    silence() {
      isSilent = true
    },
    speak() {
      isSilent = false
      for (const socket of waiting) if (!socket.destroyed) join(socket)
      waiting.clear()
    },
  }
}
