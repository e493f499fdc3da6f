import { readFileSync } from 'node:fs'
import { createServer, request as httpRequest } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { resolve } from 'node:path'
import { onTestFinished } from 'vitest'

/** What a proxy does with a request for a tunnel; `status`: refuses it. */
export type ProxyBehavior =
  | { readonly kind: 'tunnel' }
  | { readonly kind: 'status'; readonly status: number }
  /** Closes the connection before a reply, or right after opening the tunnel. */
  | { readonly kind: 'drop' }
  | { readonly kind: 'drop-tunnel' }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'hang' }

export interface ConnectProxy {
  /** 127.0.0.1:port. */
  readonly name: string
  /** "host:port authorization" of each request for a tunnel. */
  readonly tunnels: readonly string[]
  /** Requests that came without a tunnel, as "METHOD url". */
  readonly plainRequests: readonly string[]
  /** Every byte that a client sent through tunnels. */
  readonly sentBytes: () => Buffer
  behavior: ProxyBehavior
}

/** A real proxy on 127.0.0.1 that opens tunnels to `targetPort` of this computer, whatever host is asked for. */
export async function startConnectProxy(targetPort = 9): Promise<ConnectProxy> {
  const tunnels: string[] = []
  const plainRequests: string[] = []
  const sent: Buffer[] = []
  const sockets = new Set<Socket>()
  const server = createServer((incoming, response) => {
    plainRequests.push(`${incoming.method} ${incoming.url}`)
    response.writeHead(502).end()
  })
  server.on('connection', (socket) => sockets.add(socket))
  server.on('connect', (incoming, socket: Socket) => {
    tunnels.push(`${incoming.url} ${incoming.headers['proxy-authorization'] ?? ''}`.trim())
    socket.on('error', () => {})
    const { behavior } = proxy
    switch (behavior.kind) {
      case 'hang':
        return
      case 'drop':
        socket.destroy()
        return
      case 'garbage':
        socket.end('220 mail.example ESMTP\r\n')
        return
      case 'status':
        socket.end(`HTTP/1.1 ${behavior.status} No\r\ncontent-length: 0\r\n\r\n`)
        return
      case 'drop-tunnel':
        socket.write('HTTP/1.1 200 OK\r\n\r\n', () => socket.destroy())
        return
      case 'tunnel': {
        const target = connect(targetPort, '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 OK\r\n\r\n')
          socket.on('data', (bytes: Buffer) => sent.push(bytes))
          socket.pipe(target)
          target.pipe(socket)
        })
        target.on('error', () => socket.destroy())
        socket.on('close', () => target.destroy())
      }
    }
  })
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  const proxy: ConnectProxy = {
    name: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    tunnels,
    plainRequests,
    sentBytes: () => Buffer.concat(sent),
    behavior: { kind: 'tunnel' },
  }
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return proxy
}

/** The host that the certificate of `startTlsFront` is for. It exists nowhere. */
export const PROXIED_HOST = 'api.runpod.test'
const fixtures = resolve(import.meta.dirname, '../../fixtures/proxied')
/** For `NODE_EXTRA_CA_CERTS`, so that a process accepts that certificate. */
export const PROXIED_CERTIFICATE = resolve(fixtures, 'certificate.pem')

/** A real TLS server as `PROXIED_HOST`, which passes everything on to `origin`. Returns its port. */
export async function startTlsFront(origin: string): Promise<number> {
  const server = createTlsServer(
    { key: readFileSync(resolve(fixtures, 'key.pem')), cert: readFileSync(PROXIED_CERTIFICATE) },
    (incoming, response) => {
      const { method = 'GET', url } = incoming
      // The simulator answers under its own name only.
      const headers = { ...incoming.headers, host: new URL(origin).host }
      const passed = httpRequest(`${origin}${url}`, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      })
      passed.on('error', () => response.destroy())
      incoming.pipe(passed)
    },
  )
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}
