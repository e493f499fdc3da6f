import type { AddressInfo } from 'node:net'
import { type PodRecord, uptimeS } from '../world/pod-life'
import { proxyUserOf, type SshAddresses } from '../world/ssh-addresses'
import type { World } from '../world/world'
import { Disks } from './files'
import { hostKeyOf } from './host-key'
import { Machine } from './machine'
import { createSshServer, type SshServer } from './server'

/** Who may come in: anyone with a key, or those whose keys a pod was started with. */
export type SshAccess = 'any-key' | 'registered-keys'

const LOOPBACK = '127.0.0.1'
/** The longest that a timer may wait. */
const MAX_WAIT_MS = 2_147_483_647

/** The SSH of every pod: one door of its own for each container with port 22, and the proxy for all. */
export class SshDoors implements SshAddresses {
  readonly #world: World
  readonly #access: SshAccess
  readonly #disks = new Disks()
  readonly #open = new Map<string, SshServer>()
  /** Where a container is or was; a port that is told late leads nowhere. */
  readonly #ports = new Map<string, number>()
  readonly #proxy: SshServer
  #proxyPort = 0
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(world: World, access: SshAccess) {
    this.#world = world
    this.#access = access
    this.#proxy = createSshServer({
      hostKey: hostKeyOf(world.seed, 'proxy'),
      kind: 'proxy',
      machineOf: (username) => this.#behindProxy(username),
      keysOf: (machine) => this.#keysOf(machine),
    })
  }

  /** Opens the proxy and the doors of the pods that run. */
  async open(): Promise<void> {
    this.#proxyPort = (await listen(this.#proxy)) ?? 0
    await this.#refresh()
    this.#world.onChange(() => void this.#refresh())
  }

  get proxy(): { readonly host: string; readonly port: number } {
    return { host: LOOPBACK, port: this.#proxyPort }
  }

  direct(podId: string, container: number): { readonly host: string; readonly port: number } | null {
    const port = this.#ports.get(keyOf(podId, container))
    return port === undefined ? null : { host: LOOPBACK, port }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await Promise.all([this.#proxy, ...this.#open.values()].map(shut))
  }

  /** Opens and closes what has changed; looks again when time brings the next change. */
  async #refresh(): Promise<void> {
    if (this.#isClosed) return
    const nowMs = this.#world.nowMs()
    const pods = this.#world.records().filter(({ spec }) => spec.ports.includes('22/tcp'))
    const wanted = new Map(
      pods
        .filter((pod) => uptimeS(pod, nowMs) !== null)
        .map((pod) => [keyOf(pod.id, pod.earlierContainers), pod] as const),
    )
    for (const [key, door] of this.#open) {
      if (wanted.has(key)) continue
      this.#open.delete(key)
      void shut(door)
    }
    this.#wait(pods, nowMs)
    const missing = [...wanted].filter(([key]) => !this.#open.has(key))
    await Promise.all(missing.map(([key, pod]) => this.#add(key, pod)))
  }

  async #add(key: string, pod: PodRecord): Promise<void> {
    const machine = new Machine(pod, this.#world, this.#disks)
    const door = createSshServer({
      hostKey: hostKeyOf(this.#world.seed, pod.id, pod.earlierContainers),
      kind: 'direct',
      machineOf: (username) => (username === 'root' ? machine : null),
      keysOf: (each) => this.#keysOf(each),
    })
    this.#open.set(key, door)
    const port = await listen(door)
    if (port !== null && this.#open.get(key) === door && !this.#isClosed) this.#ports.set(key, port)
    else {
      this.#open.delete(key)
      await shut(door)
    }
  }

  #wait(pods: readonly PodRecord[], nowMs: number): void {
    clearTimeout(this.#timer)
    const moments = pods.flatMap((pod) => [pod.readyAtMs, pod.containerSinceMs, pod.offAtMs ?? 0])
    const nextMs = Math.min(...moments.filter((atMs) => atMs > nowMs))
    if (!Number.isFinite(nextMs)) return
    const waitMs = Math.min(MAX_WAIT_MS, Math.ceil((nextMs - nowMs) / this.#world.time.factor))
    this.#timer = setTimeout(() => void this.#refresh(), waitMs).unref()
  }

  #behindProxy(username: string): Machine | null {
    const pod = this.#world.records().find(({ id }) => username === proxyUserOf(this.#world.seed, id))
    if (pod === undefined || uptimeS(pod, this.#world.nowMs()) === null) return null
    return new Machine(pod, this.#world, this.#disks)
  }

  #keysOf(machine: Machine): readonly string[] | null {
    if (this.#access === 'any-key') return null
    const pod = machine.pod()
    if (pod === null) return []
    const own = pod.spec.env['PUBLIC_KEY']?.split('\n') ?? []
    return [...own, ...this.#world.keys.at(pod.containerSinceMs)]
  }
}

const keyOf = (podId: string, container: number): string => `${podId}/${container}`

/** The port; null where none is to be had: that pod has no SSH then. */
async function listen({ server }: SshServer): Promise<number | null> {
  const isListening = await new Promise<boolean>((resolve) => {
    server.on('error', () => resolve(false)).on('close', () => resolve(false))
    server.listen(0, LOOPBACK, () => resolve(true))
  })
  const address = isListening ? server.address() : null
  return address === null ? null : (address as AddressInfo).port
}

async function shut({ server, dropAll }: SshServer): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    dropAll()
  })
}
