import { createServer, type IncomingMessage, request as requestOf, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** On the way to Runpod, or on the way back. */
export type HoldingPlace = 'request' | 'answer'

/**
 * A wire between the app and a Runpod, which holds what is sent about a pod: the request before Runpod sees it, or the
 * answer before the app does. Whatever the two do otherwise passes as it is, broken connections too.
 */
export interface HeldApi {
  readonly url: string
  /** From now on actions of this pod are held. */
  hold(podId: string, place: HoldingPlace): void
  /** Pods of which something is held now. */
  held(): readonly string[]
  /** Lets the held answers go at the same moment, and holds no more of these pods. */
  release(podIds: readonly string[]): void
  /** Holds nothing any more; what was held never arrives. */
  forget(): void
  close(): Promise<void>
}

export async function openHeldApi(upstream: string): Promise<HeldApi> {
  const places = new Map<string, HoldingPlace>()
  const held = new Map<string, () => void>()

  async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat((await incoming.toArray()) as Buffer[])
    const podId = /^\/v2\/pods\/([^/]+)\/action$/.exec(incoming.url ?? '')?.[1]
    const place = podId === undefined ? undefined : places.get(podId)
    if (podId !== undefined && place === 'request') {
      held.set(podId, () => incoming.socket.resetAndDestroy())
      return
    }
    const deliver = (answer: () => void): void => {
      if (podId !== undefined && place === 'answer') held.set(podId, answer)
      else answer()
    }
    const drop = (): void => deliver(() => incoming.socket.resetAndDestroy())
    const { host: _host, ...headers } = incoming.headers
    const forwarded = requestOf(
      `${upstream}${incoming.url}`,
      { method: incoming.method, headers },
      (answer) => {
        answer
          .toArray()
          .then((chunks: Buffer[]) =>
            deliver(() =>
              response.writeHead(answer.statusCode ?? 500, answer.headers).end(Buffer.concat(chunks)),
            ),
          )
          .catch(drop)
      },
    )
    forwarded.on('error', drop)
    forwarded.end(body)
  }

  const server = createServer((incoming, response) => {
    pass(incoming, response).catch(() => incoming.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: (podId, place) => places.set(podId, place),
    held: () => [...held.keys()],
    release(podIds) {
      for (const podId of podIds) {
        places.delete(podId)
        held.get(podId)?.()
        held.delete(podId)
      }
    },
    forget() {
      places.clear()
      held.clear()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
