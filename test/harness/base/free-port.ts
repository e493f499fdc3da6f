import { createServer } from 'node:net'

/*
 * Below the ports that systems give to connections and to servers that ask for any port. One of those would soon be
 * given to another test, while this one still expects nobody there, or wants it back for a server that starts again.
 */
const FIRST = 20_000
const COUNT = 12_000
const PER_WORKER = 400

/** Workers have ports of their own, since those that are free now may be taken only later; unit tests have the first. */
const worker =
  Number(process.env['VITEST_POOL_ID'] ?? 0) + (process.env['PODKEEPER_TEST_SESSIONS'] === undefined ? 0 : 15)
const first = (worker * PER_WORKER) % COUNT
let next = Math.floor(Math.random() * PER_WORKER)

/** A port of 127.0.0.1 that nothing uses now, and that no other test is given soon. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PER_WORKER; tries += 1) {
    const port = FIRST + first + next
    next = (next + 1) % PER_WORKER
    if (await isFree(port)) return port
  }
  throw new Error('No port is free')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
