import { request } from 'node:http'
import { connect } from 'node:net'

/* Requests to the Pods API of a test, as any program can send them. */

interface ServerAddress {
  readonly port: number
}

export interface SentRequest {
  readonly method?: string
  readonly path?: string
  readonly token?: string | null
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly socketPath?: string
}

/** Sends a request to a server, by default to list labs. */
export const send = (
  { port }: ServerAddress,
  {
    method = 'GET',
    path = '/api/v1/labs',
    token = 'writer',
    headers = {},
    body,
    socketPath,
  }: SentRequest = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: any }> =>
  new Promise((resolve, reject) => {
    const sent = request(
      {
        ...(socketPath === undefined ? { host: '127.0.0.1', port } : { socketPath }),
        method,
        path,
        headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...headers },
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: text.startsWith('{') ? JSON.parse(text) : text,
          }),
        )
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })

/** An open stream of events. */
export function listen({ port }: ServerAddress, token: string): { text: () => string; ended: Promise<void> } {
  let text = ''
  const ended = new Promise<void>((resolve) => {
    const headers = { authorization: `Bearer ${token}` }
    request({ host: '127.0.0.1', port, path: '/api/v1/events', headers }, (response) => {
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('error', () => {}).on('close', resolve)
    }).end()
  })
  return { text: () => text, ended }
}

/** Sends bytes as they are, and returns all that comes back until the server ends the connection. */
export const sendRaw = (port: number, text: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let received = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk))
    socket.on('close', () => resolve(received))
    socket.on('error', () => {})
    socket.write(text)
  })
