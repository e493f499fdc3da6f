import type { AddressInfo } from 'node:net'
import { answerControl, CONTROL_PREFIX } from './control/control'
import type { Controls } from './control/controls'
import type { ApiPod } from './world/api-pod'
import { faultReply, Faults, type SimulatedFault } from './control/faults'
import { graphqlError, handleGraphql } from './api/graphql'
import type { PodSpec } from './world/pod-spec'
import { defaultQuotas, type QuotaLimits, RequestQuota } from './control/quota'
import { type EventStream, noContent, problem, type Reply, withHeaders } from './http/reply'
import { handleRest } from './api/rest'
import { type IncomingRequest, listen } from './http/server'
import { type ScenarioName, scenarios } from './control/scenarios'
import type { SshAccess, SshEndpoints } from './ssh/ssh-endpoints'
import { VirtualTime } from './world/virtual-time'
import type { VolumeSpec } from './world/volumes'
import { World } from './world/world'

export interface SimulatorOptions {
  /** The same seed and times give the same values. */
  readonly seed: number
  /** Simulated seconds per real second, at least 1. Default 1. */
  readonly timeFactor?: number
  readonly pods: readonly PodSpec[]
  /** Valid keys. Default: `FULL_KEY` and `READ_ONLY_KEY`. */
  readonly keys?: Readonly<Record<string, 'full' | 'read-only'>>
  /** The ids of accounts that keys belong to. Default: `user_simulated`. */
  readonly accountIds?: Readonly<Record<string, string>>
  /** Wall clock, Unix ms. */
  readonly now?: () => number
  /** Default: a free port. */
  readonly port?: number
  /** USD. Default 100. */
  readonly balanceUsd?: number
  /** Per key; null for no quotas and no headers. Default: generous quotas. */
  readonly quotas?: QuotaLimits | null
  /** Whether lists have `pagination`, which the older API document lacks. Default: true. */
  readonly pagination?: boolean
  /** The maximum number of pods per page. Default: 1000. */
  readonly maxPageSize?: number
  /** Default: 100 GB for each volume that a pod names. */
  readonly networkVolumes?: readonly VolumeSpec[]
  /** The account's public SSH keys. Default: none. */
  readonly sshKeys?: readonly string[]
  /** Whether pods accept SSH connections, and from whom. By default they don't, and their addresses are unreachable. */
  readonly ssh?: SshAccess
  /** Whether the API uses simulated instead of real time for dates, for using the simulator on its own. */
  readonly hasSimulatedDates?: boolean
  /** Whether `/_simulator/…` is available. Default: true. */
  readonly hasControlApi?: boolean
}

/** One received request, whatever its outcome. Never contains a key. */
interface RecordedRequest {
  readonly method: string
  readonly path: string
  /** Without the question mark; empty if there is none. */
  readonly query: string
  readonly podId?: string
  readonly action?: string
  /** Unix ms. */
  readonly at: number
  /** Whether its key is valid. */
  readonly authorizationOk: boolean
  readonly userAgent: string | null
}

export interface Simulator extends Controls {
  /** Puts the simulator into a named scenario. */
  scenario(name: ScenarioName): void
  /** `http://127.0.0.1:port`; REST is under `/v2`, GraphQL at `/graphql`. */
  readonly url: string
  /** Oldest first. */
  readonly requests: readonly RecordedRequest[]
  /** The pod as the API shows it now; throws if there is none. */
  pod(id: string): ApiPod
  /** The balance that the API would return now, USD. */
  balanceUsd(): number
  /** Drops all open connections; pending responses are never sent. */
  close(): Promise<void>
}

export const FULL_KEY = 'rpa_simulated_full_access'
export const READ_ONLY_KEY = 'rpa_simulated_read_only'

/** Starts a simulated Runpod on loopback: REST v2 and GraphQL over HTTP, with pods that change over time. */
export async function createSimulator(options: SimulatorOptions): Promise<Simulator> {
  const now = options.now ?? Date.now
  const keys = options.keys ?? { [FULL_KEY]: 'full', [READ_ONLY_KEY]: 'read-only' }
  const rest = { pagination: options.pagination ?? true, maxPageSize: options.maxPageSize ?? 1_000 }
  const quota = options.quotas === null ? null : new RequestQuota(options.quotas ?? defaultQuotas)
  const { seed, timeFactor = 1, balanceUsd = 100 } = options
  const time = new VirtualTime(now, timeFactor, options.hasSimulatedDates)
  const world = new World({ seed, time, balanceUsd, sshKeys: options.sshKeys ?? [] })
  for (const spec of options.networkVolumes ?? []) world.addVolume(spec)
  for (const spec of options.pods) world.add(spec)
  const faults = new Faults()
  const requests: RecordedRequest[] = []

  const controls: Controls = {
    requests,
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    addPod: (spec) => world.add(spec),
    removePod: (id) => world.remove(id),
    setPod: (id, patch) => world.patch(id, patch),
    act: (id, action) => {
      const refusal = world.act(id, action)
      if (refusal !== null) throw new Error(refusal.detail)
    },
    balance: (usd) => world.setBalance(usd),
    timeFactor: (factor) => world.setTimeFactor(factor),
    runningPodIds: () => world.runningPodIds(),
    spendPerHourUsd: () => world.spendPerHourUsd(),
  }

  const answer = (
    incoming: IncomingRequest,
    key: string | null,
    fault: SimulatedFault | null,
  ): Reply | EventStream => {
    const access = key !== null && Object.hasOwn(keys, key) ? keys[key] : undefined
    const { method, path, query, body, lastEventId } = incoming
    if (path === '/graphql') {
      if (access === undefined) return graphqlError('Unauthorized', 401)
      const accountId = options.accountIds?.[key ?? ''] ?? 'user_simulated'
      return method === 'POST' ? handleGraphql(body, world, accountId) : graphqlError('POST only', 405)
    }
    if (key === null || access === undefined) {
      return problem(401, key === null ? 'missing bearer token' : 'invalid bearer token')
    }
    const verdict = quota?.consume(key, now())
    const request = { method, path, query, body, lastEventId, mayWrite: access === 'full', fault }
    const reply = verdict?.refusedBy
      ? problem(429, `rate limit exceeded for the ${verdict.refusedBy} window`, {
          headers: { 'Retry-After': String(verdict.retryAfterS) },
        })
      : handleRest(request, world, rest)
    return withHeaders(reply, verdict?.headers ?? {})
  }

  const server = await listen(options.port ?? 0, (incoming) => {
    if (options.hasControlApi !== false && incoming.path.startsWith(CONTROL_PREFIX)) {
      return { kind: 'reply', reply: answerControl(incoming, controls) }
    }
    const key = bearerTokenOf(incoming.authorization)
    const podTarget = podTargetOf(incoming)
    requests.push({
      method: incoming.method,
      path: incoming.path,
      query: incoming.query.toString(),
      ...podTarget,
      at: now(),
      authorizationOk: key !== null && Object.hasOwn(keys, key),
      userAgent: incoming.userAgent,
    })
    const fault = faults.consume({ method: incoming.method, path: incoming.path, ...podTarget })
    if (fault?.kind === 'hang') return { kind: 'hang' }
    if (fault?.kind === 'reset-before') return { kind: 'reset' }
    const reply = (fault && faultReply(fault)) ?? time.withFrozenClock(() => answer(incoming, key, fault))
    if (fault?.kind === 'reset-after') return { kind: 'reset' }
    if (fault?.kind === 'no-content') return { kind: 'reply', reply: noContent }
    if (fault?.kind === 'half-body') return { kind: 'half', reply }
    return { kind: 'reply', reply, delayMs: fault?.delayMs ?? 0 }
  })

  const endpoints = options.ssh === undefined ? null : await openSshEndpoints(world, options.ssh)

  return {
    ...controls,
    scenario: (name) => scenarios[name].run(controls),
    requests,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pod: (id) => {
      const pod = world.find(id)
      if (pod === null) throw new Error(`there is no pod ${id}`)
      return pod
    },
    balanceUsd: () => world.balanceUsd(),
    close: async () => {
      await endpoints?.close()
      await new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      })
    },
  }
}

/** SSH is loaded only if enabled. */
async function openSshEndpoints(world: World, access: SshAccess): Promise<SshEndpoints> {
  const { SshEndpoints: EndpointsClass } = await import('./ssh/ssh-endpoints')
  const endpoints = new EndpointsClass(world, access)
  await endpoints.open()
  world.ssh = endpoints
  return endpoints
}

function bearerTokenOf(authorization: string | null): string | null {
  return /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? null
}

/** The pod and action that a request is about, if it has them. */
function podTargetOf({ method, path, body }: IncomingRequest): { podId?: string; action?: string } {
  const [, podId, tail] = /^\/v2\/pods\/([^/]+)(\/action)?$/.exec(path) ?? []
  if (podId === undefined) return {}
  if (tail === undefined) return method === 'DELETE' ? { podId, action: 'terminate' } : { podId }
  const action = /"action"\s*:\s*"(\w+)"/.exec(body)?.[1]
  return action === undefined ? { podId } : { podId, action }
}
