import { problem, type Reply } from '../../http/reply'

/** The availability that a catalog query asks about. */
export interface AvailabilityQuery {
  readonly products: readonly string[]
  readonly count: number
  readonly cloud: 'SECURE' | 'COMMUNITY'
  /** Null for everywhere. */
  readonly countries: readonly string[] | null
  readonly cuda: CudaFilter | null
}

export type CudaFilter =
  | { readonly kind: 'exact'; readonly versions: readonly string[] }
  | { readonly kind: 'from'; readonly version: string }

const availabilityParams = [
  'product',
  'count',
  'vcpuCount',
  'cloud',
  'countryCodes',
  'cudaVersions',
  'minCudaVersion',
]

export const listOf = (text: string | null): readonly string[] =>
  text === null || text === '' ? [] : text.split(',')

const invalid = (error: string): Reply => problem(422, 'Request validation failed.', { errors: [error] })

/** Null if availability was not requested. A `Reply` rejects the query. */
export function parseAvailability(
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
export function meetsCuda(version: string, filter: CudaFilter | null): boolean {
  if (filter === null) return true
  if (filter.kind === 'exact') return filter.versions.includes(version)
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [fromMajor = 0, fromMinor = 0] = filter.version.split('.').map(Number)
  return major > fromMajor || (major === fromMajor && minor >= fromMinor)
}
