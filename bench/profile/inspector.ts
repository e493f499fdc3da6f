import type { Profiler } from 'node:inspector'
import { WebSocket } from 'undici'
import { waitUntil } from '../../test/harness/app/act/wait-until'

const SAMPLING_US = 200

/** One connection of the debugging protocol, to a page or a Node process. */
export interface Inspector {
  send(method: string, params?: object): Promise<unknown>
  startProfile(): Promise<void>
  endProfile(): Promise<Profiler.Profile>
  onEvent(method: string, listener: (params: Readonly<Record<string, unknown>>) => void): void
  close(): void
}

export interface InspectorTarget {
  readonly url: string
  readonly webSocketDebuggerUrl: string
}

/** Connects to the first target of the debugging port that `isWanted`, once there is one. */
export async function connectInspector(
  port: number,
  isWanted: (target: InspectorTarget) => boolean = () => true,
): Promise<Inspector> {
  const target = await waitUntil('the debugger', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/json/list`).catch(() => null)
    return response === null ? null : ((await response.json()) as readonly InspectorTarget[]).find(isWanted)
  })
  const socket = new WebSocket(target.webSocketDebuggerUrl)
  await new Promise((settle, reject) => {
    socket.addEventListener('open', settle)
    socket.addEventListener('error', reject)
  })
  const waiting = new Map<number, { settle(result: unknown): void; reject(cause: Error): void }>()
  const listeners = new Map<string, (params: Readonly<Record<string, unknown>>) => void>()
  let lastId = 0
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error, method, params } = JSON.parse(String(data)) as Message
    if (method !== undefined) return listeners.get(method)?.(params ?? {})
    const request = waiting.get(id ?? 0)
    if (error === undefined) request?.settle(result)
    else request?.reject(new Error(error.message))
    return undefined
  })
  const send = (method: string, params: object = {}): Promise<unknown> =>
    new Promise((settle, reject) => {
      waiting.set((lastId += 1), { settle, reject })
      socket.send(JSON.stringify({ id: lastId, method, params }))
    })
  return {
    send,
    async startProfile() {
      await send('Profiler.enable')
      await send('Profiler.setSamplingInterval', { interval: SAMPLING_US })
      await send('Profiler.start')
    },
    async endProfile() {
      const { profile } = (await send('Profiler.stop')) as { readonly profile: Profiler.Profile }
      return profile
    },
    onEvent: (method, listener) => void listeners.set(method, listener),
    close: () => socket.close(),
  }
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly result?: unknown
  readonly error?: { readonly message: string }
}
