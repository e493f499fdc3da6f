import {
  cpuHardware,
  type CpuHardware,
  type DataCenterPlace,
  dataCenterPlaces,
  gpuHardware,
  type GpuHardware,
  VCPU_RANGE,
} from '../../world/hosts/hardware'
import { between } from '../../world/seeded-random'
import { json, problem, type Reply } from '../../http/reply'
import { bestStock, stockAt } from './stock'
import type { Level } from '../../world/conditions'
import type { World } from '../../world/world'

const availabilityParams = [
  'product',
  'count',
  'vcpuCount',
  'cloud',
  'countryCodes',
  'cudaVersions',
  'minCudaVersion',
]

const cudaVersions = ['12.4', '12.6', '12.8', '13.0'] as const

export function handleGpus(query: URLSearchParams, world: World): Reply {
  const read = parseAvailability(query, 'gpu')
  if ('status' in read) return read
  const { asked } = read
  const gpus = gpuHardware
    .map((gpu) => ({ gpu, places: asked && stockByDataCenter(gpu.id, asked, world) }))
    .filter(({ places }) => asked?.countries == null || places?.length !== 0)
    .map(({ gpu }) => apiGpu(gpu, asked, world))
  return json({ gpus })
}

export function handleGpu(id: string, query: URLSearchParams, world: World): Reply {
  const gpu = gpuHardware.find((each) => each.id === id)
  const read = parseAvailability(query, 'gpu')
  if (gpu === undefined) return problem(404, 'GPU type not found')
  return 'status' in read ? read : json(apiGpu(gpu, read.asked, world))
}

export function handleCpus(query: URLSearchParams, world: World): Reply {
  const read = parseAvailability(query, 'cpu')
  if ('status' in read) return read
  return json({ cpus: cpuHardware.map((cpu) => apiCpu(cpu, read.asked, world)) })
}

export function handleCpu(id: string, query: URLSearchParams, world: World): Reply {
  const cpu = cpuHardware.find((each) => each.id === id)
  const read = parseAvailability(query, 'cpu')
  if (cpu === undefined) return problem(404, 'CPU type not found')
  return 'status' in read ? read : json(apiCpu(cpu, read.asked, world))
}

export function handleDataCenters(query: URLSearchParams, world: World): Reply {
  const include = includeOf(query)
  if (include === null) return problem(422, 'Request validation failed.', { errors: ['include'] })
  const [regions, volumes, compliance] = ['regions', 'networkVolumeTypes', 'compliance'].map((name) =>
    listOf(query.get(name)),
  )
  const globalNetwork = query.get('globalNetwork')
  const dataCenters = dataCenterPlaces.filter(
    (place) =>
      (!regions?.length || regions.includes(place.region)) &&
      volumes?.every((type) => place.networkVolumeTypes.some((each) => each === type)) &&
      compliance?.every((each) => place.compliance.includes(each)) &&
      (globalNetwork === null || String(place.globalNetwork) === globalNetwork),
  )
  return json({ dataCenters: dataCenters.map((place) => apiDataCenter(place, include, world)) })
}

export function handleDataCenter(id: string, query: URLSearchParams, world: World): Reply {
  const place = dataCenterPlaces.find((each) => each.id === id)
  const include = includeOf(query)
  if (include === null) return problem(422, 'Request validation failed.', { errors: ['include'] })
  return place === undefined
    ? problem(404, 'data center not found')
    : json(apiDataCenter(place, include, world))
}

function apiGpu(gpu: GpuHardware, asked: AvailabilityQuery | null, world: World): unknown {
  const { id, name, pool, manufacturer, memoryGb, secureUsd, communityUsd, maxCount } = gpu
  return {
    id,
    name,
    pool,
    manufacturer,
    memory: memoryGb,
    secure: secureUsd !== null,
    community: communityUsd !== null,
    price: {
      secure: secureUsd ?? 0,
      community: communityUsd ?? 0,
      ...(pool !== null && { serverless: Math.round((secureUsd ?? 0) * 140) / 100 }),
    },
    maxCount: {
      secure: secureUsd === null ? 0 : maxCount,
      community: communityUsd === null ? 0 : Math.min(maxCount, 4),
    },
    ...(asked && gpuAvailability(gpu, asked, world)),
  }
}

function gpuAvailability(gpu: GpuHardware, asked: AvailabilityQuery, world: World): Record<string, unknown> {
  const versions =
    gpu.manufacturer === 'AMD'
      ? []
      : cudaVersions
          .filter((version) => meetsCuda(version, asked.cuda))
          .map((version) => ({
            version,
            available: between(0, 9, world.seed, 'cuda', gpu.id, version) > 1,
          }))
  const isFound = asked.cuda === null || versions.some(({ available }) => available)
  const isOnCloud = (asked.cloud === 'SECURE' ? gpu.secureUsd : gpu.communityUsd) !== null
  return {
    ...availabilityIn(isFound && isOnCloud ? stockByDataCenter(gpu.id, asked, world) : []),
    ...(gpu.manufacturer !== 'AMD' && { cudaVersions: versions }),
  }
}

function apiCpu(cpu: CpuHardware, asked: AvailabilityQuery | null, world: World): unknown {
  const { id, name, group, ramGbPerVcpu, secureUsd, serverlessUsd } = cpu
  return {
    id,
    name,
    group,
    vcpu: VCPU_RANGE,
    ramGbPerVcpu,
    price: { securePerVcpu: secureUsd, serverlessPerVcpu: serverlessUsd },
    ...(asked && availabilityIn(stockByDataCenter(id, { ...asked, count: asked.count / 2 }, world))),
  }
}

interface DataCenterAvailability {
  readonly id: string
  readonly name: string
  readonly availability: Level
}

function stockByDataCenter(
  hardwareId: string,
  asked: AvailabilityQuery,
  world: World,
): readonly DataCenterAvailability[] {
  const { cloud, count } = asked
  const common = { seed: world.seed, nowMs: world.nowMs(), cloud, count, conditions: world.conditions }
  return dataCenterPlaces
    .filter(({ country }) => asked.countries?.includes(country) !== false)
    .flatMap(({ id, name }) => {
      const found = asked.products.map((product) => stockAt(hardwareId, id, { ...common, product }))
      const availability = bestStock(found)
      return availability === null ? [] : [{ id, name, availability }]
    })
}

function availabilityIn(places: readonly DataCenterAvailability[]): Record<string, unknown> {
  const availability = bestStock(places.map((each) => each.availability)) ?? 'NONE'
  return availability === 'NONE' ? { availability } : { availability, dataCenters: places }
}

function includeOf(query: URLSearchParams): readonly string[] | null {
  const include = listOf(query.get('include'))
  return include.every((each) => each === 'GPU_AVAILABILITY' || each === 'CPU_AVAILABILITY') ? include : null
}

function apiDataCenter(place: DataCenterPlace, include: readonly string[], world: World): unknown {
  const common = { seed: world.seed, nowMs: world.nowMs(), conditions: world.conditions }
  const selection = { ...common, product: 'POD', cloud: 'SECURE', count: 1 }
  const stockOf = (all: readonly { readonly id: string; readonly name: string }[]) =>
    all.flatMap(({ id, name }) => {
      const availability = stockAt(id, place.id, selection)
      return availability === null ? [] : [{ id, name, availability }]
    })
  const gpus = include.includes('GPU_AVAILABILITY') ? stockOf(gpuHardware) : []
  const cpus = include.includes('CPU_AVAILABILITY') ? stockOf(cpuHardware) : []
  const { id, name, region, networkVolumeTypes, compliance, globalNetwork } = place
  return {
    id,
    name,
    region,
    networkVolumeTypes,
    compliance,
    globalNetwork,
    ...(gpus.length > 0 && { gpuAvailability: gpus }),
    ...(cpus.length > 0 && { cpuAvailability: cpus }),
  }
}

/** The availability that a catalog query asks about. */
interface AvailabilityQuery {
  readonly products: readonly string[]
  readonly count: number
  readonly cloud: 'SECURE' | 'COMMUNITY'
  /** Null for everywhere. */
  readonly countries: readonly string[] | null
  readonly cuda: CudaFilter | null
}

type CudaFilter =
  | { readonly kind: 'exact'; readonly versions: readonly string[] }
  | { readonly kind: 'from'; readonly version: string }

const listOf = (text: string | null): readonly string[] =>
  text === null || text === '' ? [] : text.split(',')

const invalid = (error: string): Reply => problem(422, 'Request validation failed.', { errors: [error] })

/** Null if availability was not requested. A `Reply` rejects the query. */
function parseAvailability(
  query: URLSearchParams,
  kind: 'gpu' | 'cpu',
): { readonly asked: AvailabilityQuery | null } | Reply {
  const include = listOf(query.get('include'))
  if (include.some((each) => each !== 'AVAILABILITY')) return invalid('include: only AVAILABILITY is known')
  if (include.length === 0) {
    const misplaced = availabilityParams.find((name) => query.has(name))
    return misplaced === undefined
      ? { asked: null }
      : problem(400, `${misplaced} is valid only with include=AVAILABILITY`)
  }
  const products = listOf(query.get('product'))
  if (products.length === 0) return problem(400, 'include=AVAILABILITY needs a product')
  const known = kind === 'gpu' ? ['POD', 'CLUSTER', 'SERVERLESS'] : ['POD', 'SERVERLESS']
  if (!products.every((each) => known.includes(each))) return invalid('product: not a known product')
  const count = countOf(query, kind)
  if (count === null)
    return invalid(kind === 'gpu' ? 'count: 1 or more' : 'vcpuCount: a power of two from 2 on')
  const cloud = query.get('cloud') ?? 'SECURE'
  if (cloud !== 'SECURE' && cloud !== 'COMMUNITY') return invalid('cloud: SECURE or COMMUNITY')
  const countries = query.has('countryCodes') ? listOf(query.get('countryCodes')) : null
  if (countries?.every((code) => /^[A-Z]{2}$/.test(code)) === false)
    return invalid('countryCodes: such as FR,DE')
  const cuda = cudaOf(query)
  if (cuda !== null && 'status' in cuda) return cuda
  return { asked: { products, count, cloud, countries, cuda } }
}

function countOf(query: URLSearchParams, kind: 'gpu' | 'cpu'): number | null {
  const count = Number(query.get(kind === 'gpu' ? 'count' : 'vcpuCount') ?? (kind === 'gpu' ? 1 : 2))
  if (!Number.isInteger(count) || count < 1) return null
  return kind === 'gpu' || (count >= 2 && Number.isInteger(Math.log2(count))) ? count : null
}

function cudaOf(query: URLSearchParams): CudaFilter | Reply | null {
  const versions = listOf(query.get('cudaVersions'))
  const from = query.get('minCudaVersion')
  if (versions.length > 0 && from !== null) return problem(400, 'cudaVersions excludes minCudaVersion')
  if (from !== null) {
    return /^\d+(\.\d+)?$/.test(from)
      ? { kind: 'from', version: from }
      : invalid('minCudaVersion: such as 12.1')
  }
  if (versions.length === 0) return null
  return versions.every((each) => /^\d+\.\d+$/.test(each))
    ? { kind: 'exact', versions }
    : invalid('cudaVersions: such as 12.8')
}

/** Compares versions number by number, so that 12.11 comes after 12.2. */
function meetsCuda(version: string, filter: CudaFilter | null): boolean {
  if (filter === null) return true
  if (filter.kind === 'exact') return filter.versions.includes(version)
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [fromMajor = 0, fromMinor = 0] = filter.version.split('.').map(Number)
  return major > fromMajor || (major === fromMajor && minor >= fromMinor)
}
