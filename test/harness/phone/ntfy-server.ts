import { createServer, type ServerResponse } from 'node:http'
import { listening } from '../http/listening'

export const NTFY_TOKEN = 'tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2'

interface Stored {
  readonly id: string
  readonly time: number
  readonly event: 'message'
  readonly topic: string
  readonly message: string
}

/**
 * ntfy at 127.0.0.1, as its document describes it: a JSON stream begins with the event `open`, then brings what is
 * stored since an id, then what is published while it is open. `isOpenToAll`: nobody needs a token. Otherwise everyone may
 * write to the topics of buttons, and read none.
 */
export async function startNtfyTopics(isOpenToAll: boolean) {
  const stored: Stored[] = []
  const streams = new Map<ServerResponse, string>()
  let nextId = 0
  const line = (event: object): string => `${JSON.stringify(event)}\n`
  const ntfy = {
    origin: '',
    published: [] as Record<string, unknown>[],
    /** Seconds by which its clock is ahead. */
    clockAheadS: 0,
    status: null as number | null,
    /** Somebody presses a button, or anybody else publishes, `agoS` ago. */
    publish(topic: string, message: string, agoS = 0): string {
      const time = Math.floor(Date.now() / 1_000) + ntfy.clockAheadS - agoS
      const made: Stored = { id: `m${(nextId += 1)}`, time, event: 'message', topic, message }
      stored.push(made)
      for (const [stream, other] of streams) if (other === topic) stream.write(line(made))
      return made.id
    },
    streamCount: () => streams.size,
    /** The streams end, as they do after a while. */
    endStreams(): void {
      for (const stream of streams.keys()) stream.end()
    },
  }

  function stream(response: ServerResponse, topic: string, since: string): void {
    const time = Math.floor(Date.now() / 1_000) + ntfy.clockAheadS
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    response.write(line({ id: `o${(nextId += 1)}`, time, event: 'open', topic }))
    const after = stored.findIndex(({ id }) => id === since) + 1
    const own = stored.slice(after).filter((one) => one.topic === topic)
    for (const one of own) response.write(line(one))
    response.write(line({ id: `k${(nextId += 1)}`, time, event: 'keepalive', topic }))
    streams.set(response, topic)
    response.on('close', () => streams.delete(response))
  }

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://ntfy')
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (ntfy.status !== null) return void response.writeHead(ntfy.status).end('{}')
      const isAllowed = isOpenToAll || request.headers.authorization === `Bearer ${NTFY_TOKEN}`
      const [, topic = '', rest] = pathname.split('/')
      const isPress = request.method === 'POST' && topic.startsWith('podkeeper-') && rest === undefined
      if (!isAllowed && !isPress) {
        const body = { code: 40301, http: 403, error: 'forbidden' }
        return void response.writeHead(403).end(JSON.stringify(body))
      }
      if (isPress) {
        const id = ntfy.publish(topic, Buffer.concat(chunks).toString())
        return void response.end(JSON.stringify({ id, event: 'message', topic }))
      }
      if (rest === 'json') return stream(response, topic, searchParams.get('since') ?? '')
      if (rest === 'auth') return void response.end('{"success":true}')
      ntfy.published.push(JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>)
      return void response.end(JSON.stringify({ id: `p${ntfy.published.length}`, event: 'message' }))
    })
  })
  ntfy.origin = `http://127.0.0.1:${await listening(server)}`
  return ntfy
}
