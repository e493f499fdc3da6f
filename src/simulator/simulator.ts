import { FULL_KEY, HUBIFY_KEY, HUBIFY_READ_ONLY_KEY, READ_ONLY_KEY, RESTRICTED_KEY } from './simulator-keys'
import type { AddressInfo } from 'node:net'
import type { Recording } from '../core/doctor/recording/recording'
import type { SimulatedKeyAccess } from './api/key-permissions'
import { createReplayedApi } from './api/replayed-api'
import { createRunpodApi } from './api/runpod-api'
import { answerControl, CONTROL_PREFIX } from './control/control'
import type { Controls } from './control/controls'
import { faultReply, Faults } from './control/faults'
import { documentedBehavior, type HubifyBehavior } from './control/hubify-behavior'
import { defaultQuotas, type QuotaLimits } from './control/quota'
import { type ScenarioName, scenarios } from './control/scenarios'
import type { SimulatedApi } from './control/simulated-api'
import { listen } from './http/server'
import { type EventStream, noContent, page, type Reply, withHeaders } from './http/reply'
import { defaultLabs } from './hubify/default-labs'
import { createHubifyApi, HUBIFY_PREFIX, type SimulatedHubifyKey } from './hubify/hubify-api'
import type { SimulatedPlan } from './hubify/plans'
import type { LabSpec } from './labs/lab-spec'
import { createLabs } from './labs/labs'
import type { SshAccess, SshEndpoints } from './ssh/ssh-endpoints'
import type { PodJson } from './world/api-pod'
import { type CloudConditions, usualConditions } from './world/conditions'
import type { SimulatedPodSpec } from './world/pod-spec'
import type { SimulatedTelemetry } from './world/telemetry'
import { VirtualTime } from './world/virtual-time'
import type { TemplateSpec } from './world/account/templates'
import type { EndpointSpec } from './world/serverless/endpoints'
import type { VolumeSpec } from './world/volumes'
import { World } from './world/world'

export interface SimulatorOptions {
  /** The same seed and times give the same values. */
  readonly seed: number
  /** Simulated seconds per real second, at least 1. Default 1. */
  readonly timeFactor?: number
  readonly pods: readonly SimulatedPodSpec[]
  /** Valid keys. Default: `FULL_KEY`, `READ_ONLY_KEY` and `RESTRICTED_KEY`. */
  readonly keys?: Readonly<Record<string, SimulatedKeyAccess>>
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
  /** Besides the templates that every account has. */
  readonly templates?: readonly TemplateSpec[]
  /** Serverless endpoints. Default: none. */
  readonly endpoints?: readonly EndpointSpec[]
  /** Where what pods meet differs from `usualConditions`. */
  readonly conditions?: Partial<CloudConditions>
  /** The account's public SSH keys. Default: none. */
  readonly sshKeys?: readonly string[]
  /** Whether pods accept SSH connections, and from whom. By default they don't, and their addresses are unreachable. */
  readonly ssh?: SshAccess
  /**
   * Whether the API uses simulated instead of real time for dates, for clients that do, and for using the simulator
   * on its own.
   */
  readonly hasSimulatedDates?: boolean
  /** Whether `/_simulator/…` is available. Default: true. */
  readonly hasControlApi?: boolean
  /** Whether Runpod's REST v2 and GraphQL are served. Default: true. */
  readonly hasRunpodApi?: boolean
  /** Serves this recording of a Runpod in place of the simulated one. Default: none. */
  readonly replay?: Recording
  /** Serves Hubify's API as well, over the same pods. */
  readonly hubify?: SimulatedHubifyOptions
}

export interface SimulatedHubifyOptions {
  /** Their pods are pods of the account. Default: two labs with pods of their own. */
  readonly labs?: readonly LabSpec[]
  /** Valid keys. Default: `HUBIFY_KEY` and `HUBIFY_READ_ONLY_KEY`, for all labs. */
  readonly keys?: Readonly<Record<string, SimulatedHubifyKey>>
  /** Whose quotas each key has; null for no quotas and no headers. Default: `pro`. */
  readonly plan?: SimulatedPlan | null
  /** Where it differs from `documentedBehavior`. */
  readonly behavior?: Partial<HubifyBehavior>
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
  /** The base address of Hubify's API, whether or not it is served. */
  readonly hubifyUrl: string
  readonly time: Pick<VirtualTime, 'nowMs' | 'factor'>
  /** Oldest first. */
  readonly requests: readonly RecordedRequest[]
  /** The pod as the API shows it now; throws if there is none. */
  pod(id: string): PodJson
  /** What is measured in the pod at `atMs`, simulated ms; null if it has no container then. Throws if there is no pod. */
  measuredAt(id: string, atMs: number): SimulatedTelemetry | null
  /** How many SSH connections to pods are open, without those that have a terminal. */
  sshConnectionCount(): number
  /** The balance that the API would return now, USD. */
  balanceUsd(): number
  /** Drops all open connections; pending responses are never sent. */
  close(): Promise<void>
}

export { FULL_KEY, HUBIFY_KEY, HUBIFY_READ_ONLY_KEY, READ_ONLY_KEY, RESTRICTED_KEY }

const defaultKeys: Readonly<Record<string, SimulatedKeyAccess>> = {
  [FULL_KEY]: 'full',
  [READ_ONLY_KEY]: 'read-only',
  [RESTRICTED_KEY]: 'restricted',
}

const defaultHubifyKeys: Readonly<Record<string, SimulatedHubifyKey>> = {
  [HUBIFY_KEY]: { scopes: ['*'] },
  [HUBIFY_READ_ONLY_KEY]: { scopes: ['labs:read', 'experiments:read', 'pods:read'] },
}

/**
 * Starts a simulator on loopback, with pods that change over time: a Runpod with REST v2 and GraphQL, a Hubify with
 * labs of the same pods, or both.
 */
export async function createSimulator(options: SimulatorOptions): Promise<Simulator> {
  const now = options.now ?? Date.now
  const { seed, timeFactor = 1, balanceUsd = 100 } = options
  const time = new VirtualTime(now, timeFactor, options.hasSimulatedDates)
  const world = new World({ seed, time, balanceUsd, sshKeys: options.sshKeys ?? [] })
  world.conditions = { ...usualConditions, ...options.conditions }
  for (const spec of options.networkVolumes ?? []) world.addVolume(spec)
  for (const spec of options.templates ?? []) world.templates.add(spec)
  for (const spec of options.endpoints ?? []) world.endpoints.add(spec)
  for (const spec of options.pods) world.add(spec)
  const labs = createLabs(world)
  for (const spec of options.hubify?.labs ?? (options.hubify === undefined ? [] : defaultLabs)) labs.add(spec)
  let behavior: HubifyBehavior = { ...documentedBehavior, ...options.hubify?.behavior }
  const faults = new Faults()
  const requests: RecordedRequest[] = []

  const keys = options.keys ?? defaultKeys
  const replayedApi =
    options.replay === undefined
      ? null
      : createReplayedApi({ recording: options.replay, now, isKey: (key) => Object.hasOwn(keys, key) })
  const runpod = createRunpodApi({
    world,
    now,
    keys,
    accountIds: options.accountIds ?? {},
    quotas: options.quotas === null ? null : (options.quotas ?? defaultQuotas),
    rest: { pagination: options.pagination ?? true, maxPageSize: options.maxPageSize ?? 1_000 },
  })
  const hubify = createHubifyApi({
    world,
    labs,
    now,
    keys: options.hubify?.keys ?? defaultHubifyKeys,
    plan: options.hubify?.plan === undefined ? 'pro' : options.hubify.plan,
    behavior: () => behavior,
  })
  /** Null for a path that none of the served APIs has. */
  const apiAt = (path: string): SimulatedApi | null => {
    if (options.hubify !== undefined && path.startsWith('/api/')) return hubify
    return options.hasRunpodApi === false ? null : (replayedApi ?? runpod)
  }

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
    interrupt: (id, by) => world.interrupt(id, by),
    balance: (usd) => world.setBalance(usd),
    conditions: (changes) => (world.conditions = { ...world.conditions, ...changes }),
    timeFactor: (factor) => world.setTimeFactor(factor),
    runningPodIds: () => world.runningPodIds(),
    spendPerHourUsd: () => world.spendPerHourUsd(),
    addEndpoint: (spec) => world.endpoints.add(spec),
    setEndpoint: (id, patch) => world.endpoints.set(id, patch),
    removeEndpoint: (id) => world.endpoints.remove(id),
    labs: {
      behave: (changes) => (behavior = { ...behavior, ...changes }),
      add: (spec) => labs.add(spec),
      addPod: (labId, spec) => labs.addPod(labId, spec),
      setPod: (documentId, patch) => labs.setPod(documentId, patch),
      addExperiment: (labId, spec) => labs.addExperiment(labId, spec),
    },
  }

  const server = await listen(options.port ?? 0, (incoming) => {
    if (options.hasControlApi !== false && incoming.path.startsWith(CONTROL_PREFIX)) {
      return { kind: 'reply', reply: answerControl(incoming, controls) }
    }
    const api = apiAt(incoming.path)
    const key = bearerTokenOf(incoming.authorization)
    const podTarget = api?.targetOf(incoming) ?? {}
    requests.push({
      method: incoming.method,
      path: incoming.path,
      query: incoming.query.toString(),
      ...podTarget,
      at: now(),
      authorizationOk: key !== null && api !== null && api.isKey(key),
      userAgent: incoming.userAgent,
    })
    const refusal = api?.refuse?.(incoming) ?? null
    if (refusal !== null) return { kind: 'reply', reply: refusal }
    const fault = faults.consume({ method: incoming.method, path: incoming.path, ...podTarget })
    if (fault?.kind === 'hang') return { kind: 'hang' }
    if (fault?.kind === 'reset-before') return { kind: 'reset' }
    const answer = () => api?.answer(incoming, key, fault) ?? page(404, 'Nothing is served here.')
    const errors = api?.errors ?? runpod.errors
    const answered = (fault && faultReply(fault, errors)) ?? time.withFrozenClock(answer)
    const reply = options.hasSimulatedDates ? withDate(answered, time.nowMs()) : answered
    if (fault?.kind === 'reset-after') return { kind: 'reset' }
    if (fault?.kind === 'server-error-after')
      return { kind: 'reply', reply: errors.reply(500, fault.detail ?? 'something went wrong') }
    if (fault?.kind === 'no-content') return { kind: 'reply', reply: noContent }
    if (fault?.kind === 'half-body') return { kind: 'half', reply }
    return { kind: 'reply', reply, delayMs: fault?.delayMs ?? 0 }
  })

  const endpoints = options.ssh === undefined ? null : await openSshEndpoints(world, options.ssh)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    ...controls,
    time,
    scenario: (name) => scenarios[name].run(controls),
    requests,
    url,
    hubifyUrl: `${url}${HUBIFY_PREFIX}`,
    pod: (id) => {
      const pod = world.find(id)
      if (pod === null) throw new Error(`there is no pod ${id}`)
      return pod
    },
    measuredAt: (id, atMs) => world.measuredAt(id, atMs),
    sshConnectionCount: () => endpoints?.connectionCount ?? 0,
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

/** Otherwise Node sends the real date. */
const withDate = <T extends Reply | EventStream>(reply: T, atMs: number): T =>
  withHeaders(reply, { date: new Date(atMs).toUTCString() })

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
