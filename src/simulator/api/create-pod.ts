import { readBody } from '../http/body'
import { findCpu, findGpu, VCPU_RANGE } from '../world/hosts/hardware'
import { randomId } from '../world/seeded-random'
import { createBody, type CreateBody } from './pod-body'
import { type SimulatedPodSpec, runModes } from '../world/pod-spec'
import { json, problem, type Reply } from '../http/reply'
import { dataCentersFor } from './catalog/stock'
import { findTemplate } from './catalog/templates'
import type { ApiTemplate } from '../world/account/templates'
import type { World } from '../world/world'

/** This environment variable sets the mode of a new pod; without it, the pod idles. */
const MODE_VARIABLE = 'SIMULATED_MODE'

const NO_CAPACITY =
  'There are no longer any instances available with the requested specifications. Please refresh and try again.'

export const BEYOND_SPEND_LIMIT = 'This would exceed the hourly spend limit of the account.'

const badRequest = (detail: string): Reply => problem(400, detail)

/** Answers `POST /v2/pods`. */
export function handleCreate(text: string, world: World): Reply {
  const body = readBody(createBody, text)
  if (!body.ok) return body.reply
  const template = body.value.templateId === undefined ? null : findTemplate(body.value.templateId, world)
  if (body.value.templateId !== undefined && template === null) return problem(404, 'template not found')
  if (template?.serverless) {
    return problem(422, 'Request validation failed.', { errors: ['$.templateId: is for serverless workers'] })
  }
  const spec = specOf(body.value, template, world)
  if ('status' in spec) return spec
  const addedUsd = spec.costPerHourUsd ?? 0
  if (world.balanceUsd() < addedUsd) return problem(402, 'insufficient balance')
  if (world.isBeyondSpendLimit(addedUsd)) return badRequest(BEYOND_SPEND_LIMIT)
  return json(world.find(world.add(spec)), 201)
}

function specOf(body: CreateBody, template: ApiTemplate | null, world: World): SimulatedPodSpec | Reply {
  const hardware = hardwareOf(body)
  if ('status' in hardware) return hardware
  const mounts = mountsOf(body, template, world)
  if ('status' in mounts) return mounts
  const dataCenterId = chooseDataCenter(body, mounts.dataCenterId, world)
  if (dataCenterId === null) return badRequest(NO_CAPACITY)
  const env = envOf(body, template, world)
  const image = body.image ?? template?.image ?? ''
  const { pullS, missingImages } = world.conditions
  const isMissing = missingImages.some((part) => image.includes(part))
  return {
    ...hardware,
    name: body.name,
    mode: isMissing ? 'image-missing' : (runModes.find((mode) => mode === env[MODE_VARIABLE]) ?? 'idle'),
    startedAgoMin: 0,
    ...(pullS !== null && { startingS: pullS }),
    persistent: mounts.persistent,
    network: mounts.network,
    image,
    args: argsOf(body) ?? template?.args ?? '',
    containerDiskGb: body.disk ?? template?.disk ?? 50,
    ports: body.ports ?? template?.ports ?? [],
    registry: body.registry ?? template?.registry ?? null,
    env,
    cloud: body.cloud,
    dataCenterId,
    globalNetworking: body.globalNetworking,
  }
}

/** As Runpod stores it: a line, or its two lists as JSON. */
function argsOf({ args, cmd = [], entrypoint = [] }: CreateBody): string | undefined {
  const lists = { ...(entrypoint.length > 0 && { entrypoint }), ...(cmd.length > 0 && { cmd }) }
  return Object.keys(lists).length > 0 ? JSON.stringify(lists) : args
}

type PodHardware = Pick<SimulatedPodSpec, 'gpu' | 'cpu' | 'costPerHourUsd'>

function hardwareOf({ gpu, cpu, cloud }: CreateBody): PodHardware | Reply {
  if ((gpu === undefined) === (cpu === undefined)) return badRequest('exactly one of gpu or cpu must be set')
  if (cpu !== undefined) {
    const flavor = findCpu(cpu.id)
    if (flavor === null) return badRequest(`unknown CPU flavor '${cpu.id}'`)
    const { vcpuCount } = cpu
    if (!Number.isInteger(Math.log2(vcpuCount)) || vcpuCount > VCPU_RANGE.max) {
      return badRequest('vcpuCount must be a power of two that the flavor allows')
    }
    const memory = vcpuCount * flavor.ramGbPerVcpu
    return { gpu: null, cpu: { ...cpu, memory }, costPerHourUsd: cents(vcpuCount * flavor.secureUsd) }
  }
  if (gpu === undefined) return badRequest('exactly one of gpu or cpu must be set')
  if (gpu.allowedCudaVersions.length > 0 && gpu.minCudaVersion !== undefined) {
    return badRequest('allowedCudaVersions excludes minCudaVersion')
  }
  const type = findGpu(gpu.id)
  const priceUsd = cloud === 'SECURE' ? type?.secureUsd : type?.communityUsd
  // Without a count Runpod finds no machine, although its document specifies a default.
  if (!priceUsd || gpu.count === undefined || gpu.count > (type?.maxCount ?? 0))
    return badRequest(NO_CAPACITY)
  return {
    gpu: { id: gpu.id, count: gpu.count, vcpuCount: gpu.count * 16, memory: gpu.count * 96 },
    costPerHourUsd: cents(priceUsd * gpu.count),
  }
}

type PodMounts = Required<Pick<SimulatedPodSpec, 'persistent' | 'network'>> & {
  readonly dataCenterId: string | null
}

function mountsOf(body: CreateBody, template: ApiTemplate | null, world: World): PodMounts | Reply {
  const { persistent, network = [] } = body.mounts ?? {}
  if (persistent && network.length > 0) return badRequest('persistent and network mounts exclude each other')
  if (persistent && body.cpu) return badRequest('persistent storage is not available on CPU pods')
  const [mount] = network
  if (mount !== undefined) {
    const volume = world.volumes.find(mount.volumeId)
    if (volume === null) return badRequest(`network volume '${mount.volumeId}' not found`)
    return { persistent: null, network: mount, dataCenterId: volume.dataCenter }
  }
  const own = persistent ?? (body.cpu ? undefined : template?.mounts.persistent)
  return {
    persistent: own === undefined ? null : { sizeGb: own.size, path: own.path },
    network: null,
    dataCenterId: null,
  }
}

/** A data center that is allowed, has the volume and has free hardware; null if there is none. */
function chooseDataCenter(body: CreateBody, volumeAt: string | null, world: World): string | null {
  const { gpu, cpu, cloud, dataCenterIds } = body
  const count = gpu?.count ?? (cpu?.vcpuCount ?? 2) / 2
  const common = { seed: world.seed, nowMs: world.nowMs(), conditions: world.conditions }
  const selection = { ...common, product: 'POD', cloud, count }
  const found = dataCentersFor(gpu?.id ?? cpu?.id ?? '', selection).find(
    ({ id }) =>
      (volumeAt === null || id === volumeAt) && (dataCenterIds.length === 0 || dataCenterIds.includes(id)),
  )
  return found?.id ?? null
}

function envOf(
  body: CreateBody,
  template: ApiTemplate | null,
  world: World,
): Readonly<Record<string, string>> {
  const hasSsh = body.startSsh ?? template?.startSsh ?? false
  const hasJupyter = body.startJupyter ?? template?.startJupyter ?? false
  return {
    ...(hasSsh && world.keys.current.length > 0 && { PUBLIC_KEY: world.keys.current.join('\n') }),
    ...(hasJupyter && { JUPYTER_PASSWORD: randomId(20, world.seed, 'jupyter', body.name) }),
    ...template?.env,
    ...body.env,
  }
}

const cents = (usd: number): number => Math.round(usd * 100) / 100
