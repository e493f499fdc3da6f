import { createServer, type IncomingMessage, request as requestOf, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** On the way to Runpod, or on the way back. */
export type HoldPoint = 'request' | 'answer'

/**
 * A proxy between the app and a simulated Runpod that holds actions on a pod, and creates by the name of the pod: the
 * request before Runpod receives it, or the response before the app does. All other traffic, including broken
 * connections, passes unchanged.
 */
export interface HoldingProxy {
  readonly url: string
  /** Holds actions on this pod, or its create, from now on. */
  hold(podId: string, holdPoint: HoldPoint): void
  /** Pods for which something is being held. */
  heldPodIds(): readonly string[]
  /** Releases the held responses at the same moment and stops holding these pods. */
  release(podIds: readonly string[]): void
  /** Stops holding. What was held is dropped. */
  dropAll(): void
  close(): Promise<void>
}

export async function openHoldingProxy(upstream: string): Promise<HoldingProxy> {
  const holdPoints = new Map<string, HoldPoint>()
  const held = new Map<string, () => void>()

  async function forward(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat((await incoming.toArray()) as Buffer[])
    const isCreate = incoming.method === 'POST' && incoming.url === '/v2/pods'
    const podId = isCreate
      ? (JSON.parse(body.toString()) as { readonly name?: string }).name
      : /^\/v2\/pods\/([^/]+)\/action$/.exec(incoming.url ?? '')?.[1]
    const holdPoint = podId === undefined ? undefined : holdPoints.get(podId)
    if (podId !== undefined && holdPoint === 'request') {
      held.set(podId, () => incoming.socket.resetAndDestroy())
      return
    }
    const deliver = (answer: () => void): void => {
      if (podId !== undefined && holdPoint === 'answer') held.set(podId, answer)
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
    forward(incoming, response).catch(() => incoming.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: (podId, holdPoint) => holdPoints.set(podId, holdPoint),
    heldPodIds: () => [...held.keys()],
    release(podIds) {
      for (const podId of podIds) {
        holdPoints.delete(podId)
        held.get(podId)?.()
        held.delete(podId)
      }
    },
    dropAll() {
      holdPoints.clear()
      held.clear()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
