import type { AddressInfo } from 'node:net'
import { nextContainerChangeMs, uptimeS } from '../world/container'
import type { PodRecord } from '../world/pod-record'
import { proxyUserOf, type SshAddresses } from '../world/ssh-addresses'
import type { World } from '../world/world'
import { Disks } from './machine/files'
import { createHostKey } from './host-key'
import { JobProcesses } from './job-processes'
import { Machine } from './machine/machine'
import { createSshServer, type SshServer } from './server'

/** Who can log in: anyone with a key, the keys registered when the pod was started, or one key of `authorized_keys`. */
export type SshAccess = 'any-key' | 'registered-keys' | { readonly onlyKey: string }

const LOOPBACK = '127.0.0.1'
/** The maximum delay of a timer. */
const MAX_WAIT_MS = 2_147_483_647

/** SSH of all pods: a separate server for each container with port 22, and one proxy for all. */
export class SshEndpoints implements SshAddresses {
  readonly #world: World
  readonly #access: SshAccess
  readonly #disks = new Disks()
  readonly #jobs: JobProcesses
  readonly #servers = new Map<string, SshServer>()
  /**
   * The current or previous address of a container; while the API still returns the previous port, it leads nowhere.
   */
  readonly #ports = new Map<string, number>()
  readonly #proxy: SshServer
  #proxyPort = 0
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(world: World, access: SshAccess) {
    this.#world = world
    this.#access = access
    this.#jobs = new JobProcesses(world)
    this.#proxy = createSshServer({
      hostKey: createHostKey(world.seed, 'proxy'),
      kind: 'proxy',
      jobs: this.#jobs,
      machineOf: (username) => this.#machineForProxyUser(username),
      splitKeys: (machine) => this.#authorizedKeys(machine),
    })
  }

  /** Starts the proxy and the servers of the running pods. */
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

  get connectionCount(): number {
    return [this.#proxy, ...this.#servers.values()].reduce((sum, one) => sum + one.connectionCount(), 0)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#jobs.close()
    await Promise.all([this.#proxy, ...this.#servers.values()].map(closeServer))
  }

  /** Starts and stops servers for changed pods, and schedules itself for the next change. */
  async #refresh(): Promise<void> {
    if (this.#isClosed) return
    const nowMs = this.#world.nowMs()
    const pods = this.#world.records().filter(({ spec }) => spec.ports.includes('22/tcp'))
    const wantedEndpoints = new Map(
      pods
        .filter((pod) => uptimeS(pod, nowMs) !== null)
        .map((pod) => [keyOf(pod.id, pod.previousContainers), pod] as const),
    )
    for (const [key, endpointServer] of this.#servers) {
      if (wantedEndpoints.has(key)) continue
      this.#servers.delete(key)
      void closeServer(endpointServer)
    }
    this.#scheduleRefresh(pods, nowMs)
    const missing = [...wantedEndpoints].filter(([key]) => !this.#servers.has(key))
    await Promise.all(missing.map(([key, pod]) => this.#openEndpoint(key, pod)))
  }

  async #openEndpoint(key: string, pod: PodRecord): Promise<void> {
    const machine = new Machine(pod, this.#world, this.#disks)
    const endpointServer = createSshServer({
      hostKey: createHostKey(this.#world.seed, pod.id, pod.previousContainers),
      kind: 'direct',
      jobs: this.#jobs,
      machineOf: (username) => (username === 'root' ? machine : null),
      splitKeys: (each) => this.#authorizedKeys(each),
    })
    this.#servers.set(key, endpointServer)
    const port = await listen(endpointServer)
    if (port !== null && this.#servers.get(key) === endpointServer && !this.#isClosed)
      this.#ports.set(key, port)
    else {
      this.#servers.delete(key)
      await closeServer(endpointServer)
    }
  }

  #scheduleRefresh(pods: readonly PodRecord[], nowMs: number): void {
    clearTimeout(this.#timer)
    const transitionTimesMs = pods.flatMap((pod) => [
      nextContainerChangeMs(pod, nowMs) ?? 0,
      pod.offAtMs ?? 0,
    ])
    const nextMs = Math.min(...transitionTimesMs.filter((atMs) => atMs > nowMs))
    if (!Number.isFinite(nextMs)) return
    const waitMs = Math.min(MAX_WAIT_MS, Math.ceil((nextMs - nowMs) / this.#world.time.factor))
    this.#timer = setTimeout(() => void this.#refresh(), waitMs).unref()
  }

  #machineForProxyUser(username: string): Machine | null {
    const pod = this.#world.records().find(({ id }) => username === proxyUserOf(this.#world.seed, id))
    if (pod === undefined || uptimeS(pod, this.#world.nowMs()) === null) return null
    return new Machine(pod, this.#world, this.#disks)
  }

  #authorizedKeys(machine: Machine): readonly string[] | null {
    if (this.#access === 'any-key') return null
    if (typeof this.#access === 'object') return [this.#access.onlyKey]
    const pod = machine.pod()
    if (pod === null) return []
    const own = pod.spec.env['PUBLIC_KEY']?.split('\n') ?? []
    return [...own, ...this.#world.keys.at(pod.containerStartedAtMs)]
  }
}

const keyOf = (podId: string, container: number): string => `${podId}/${container}`

/** The port; null if none is free, in which case the pod has no SSH. */
async function listen({ server }: SshServer): Promise<number | null> {
  const isListening = await new Promise<boolean>((resolve) => {
    server.on('error', () => resolve(false)).on('close', () => resolve(false))
    server.listen(0, LOOPBACK, () => resolve(true))
  })
  const address = isListening ? server.address() : null
  return address === null ? null : (address as AddressInfo).port
}

async function closeServer({ server, closeConnections }: SshServer): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    closeConnections()
  })
}
