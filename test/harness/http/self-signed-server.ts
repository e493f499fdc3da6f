import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'

export interface SelfSignedServer {
  readonly origin: string
  /** Requests that were received. A client that rejects the certificate sends none. */
  readonly requests: readonly string[]
  close(): Promise<void>
}

/** A real https server on 127.0.0.1 with a self-signed certificate. */
export async function startSelfSignedServer(): Promise<SelfSignedServer> {
  const folder = resolve(import.meta.dirname, '../../fixtures/self-signed')
  const requests: string[] = []
  const server = createServer(
    { key: readFileSync(`${folder}/key.pem`), cert: readFileSync(`${folder}/certificate.pem`) },
    (incoming, response) => {
      requests.push(`${incoming.method} ${incoming.url} ${incoming.headers.authorization ?? 'without a key'}`)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"pods":[]}')
    },
  )
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((settle) => {
        server.close(() => settle())
        server.closeAllConnections()
      }),
  }
}
