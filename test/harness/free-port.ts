import { createServer } from 'node:net'

/** Below the ports that the system gives to whoever asks for any, so that nobody gets it in between. */
const [FIRST_PORT, PORT_COUNT] = [20_000, 12_000]

/** A port of 127.0.0.1 that nothing uses now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORT_COUNT)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
