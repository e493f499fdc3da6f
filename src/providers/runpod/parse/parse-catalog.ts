import * as v from 'valibot'
import type {
  AccountLimits,
  CpuOffer,
  DataCenter,
  GpuOffer,
  PodTemplate,
  Stock,
} from '../../../core/pods/catalog'
import { isObject } from '../../../core/base/parse-json'
import { MAX_ARGUMENTS_CHARS, SECRET_NAME } from '../../../core/pods/pod-request'
import { displayText, finiteNumber, isPlainId, MAX_NAME_CHARS, record } from '../../wire/wire-values'

/*
 * Parses what Runpod offers. Lists are read entry by entry: one that cannot be read is left out. A price of 0 is none
 * that could be believed, so it is unknown.
 */

/** As many templates as are read. */
const MAX_ENTRIES = 10_000

const id = v.pipe(v.string(), v.check(isPlainId))
const name = v.fallback(v.nullable(displayText(MAX_NAME_CHARS)), null)
const names = v.fallback(v.pipe(v.array(v.unknown()), v.transform(toNames)), [])
const price = v.fallback(v.nullable(v.pipe(finiteNumber, v.gtValue(0))), null)
const amount = v.fallback(v.nullable(v.pipe(finiteNumber, v.gtValue(0))), null)
const count = v.fallback(v.pipe(finiteNumber, v.integer(), v.minValue(0)), 0)
const flag = v.fallback(v.boolean(), false)

const stocks: ReadonlyMap<unknown, Stock> = new Map([
  ['NONE', 'none'],
  ['LOW', 'low'],
  ['MEDIUM', 'medium'],
  ['HIGH', 'high'],
])
const stock = v.pipe(
  v.unknown(),
  v.transform((word): Stock | null => stocks.get(word) ?? null),
)

const places = v.fallback(
  v.pipe(
    v.array(v.unknown()),
    v.transform((entries) =>
      readEach(entries, v.pipe(record, v.object({ id, name, availability: v.optional(stock) }))).map(
        (place) => ({ id: place.id, name: place.name ?? place.id, stock: place.availability ?? null }),
      ),
    ),
  ),
  [],
)

const versions = v.fallback(
  v.pipe(
    v.array(v.unknown()),
    v.transform((entries) =>
      readEach(
        entries,
        v.pipe(record, v.object({ version: v.pipe(v.string(), v.regex(/^\d+\.\d+$/)), available: flag })),
      )
        .filter(({ available }) => available)
        .map(({ version }) => version),
    ),
  ),
  [],
)

const gpu = v.pipe(
  record,
  v.object({
    id,
    name,
    manufacturer: name,
    memory: amount,
    secure: flag,
    community: flag,
    price: v.fallback(v.pipe(record, v.object({ secure: price, community: price })), {
      secure: null,
      community: null,
    }),
    maxCount: v.fallback(v.pipe(record, v.object({ secure: count, community: count })), {
      secure: 0,
      community: 0,
    }),
    availability: v.optional(stock),
    dataCenters: places,
    cudaVersions: versions,
  }),
)

const cpu = v.pipe(
  record,
  v.object({
    id,
    name,
    group: name,
    vcpu: v.pipe(record, v.object({ min: v.pipe(count, v.minValue(1)), max: v.pipe(count, v.minValue(1)) })),
    ramGbPerVcpu: amount,
    price: v.fallback(v.pipe(record, v.object({ securePerVcpu: price })), { securePerVcpu: null }),
    availability: v.optional(stock),
    dataCenters: places,
  }),
)

const dataCenter = v.pipe(
  record,
  v.object({
    id,
    name,
    region: name,
    globalNetwork: flag,
    networkVolumeTypes: names,
    compliance: names,
    gpuAvailability: places,
  }),
)

const exactText = v.fallback(v.pipe(v.string(), v.maxLength(4_000)), '')
const args = v.fallback(v.pipe(v.string(), v.maxLength(MAX_ARGUMENTS_CHARS)), '')
const template = v.pipe(
  record,
  v.object({
    id,
    name,
    image: exactText,
    args,
    disk: amount,
    mounts: v.optional(v.unknown()),
    ports: v.fallback(v.array(v.pipe(v.string(), v.maxLength(50))), []),
    env: v.fallback(v.pipe(record, v.transform(Object.keys)), []),
    serverless: flag,
    category: v.fallback(v.string(), ''),
    startSsh: flag,
    startJupyter: flag,
    allowedCudaVersions: names,
  }),
)
const persistent = v.pipe(
  record,
  v.object({
    persistent: v.pipe(
      record,
      v.object({ size: v.pipe(finiteNumber, v.gtValue(0)), path: v.pipe(v.string(), v.nonEmpty()) }),
    ),
  }),
)

export function parseGpus(value: unknown): readonly GpuOffer[] | null {
  return (
    parseList(value, 'gpus', gpu)?.map((wire) => ({
      id: wire.id,
      name: wire.name ?? wire.id,
      manufacturer: wire.manufacturer,
      memoryGb: wire.memory,
      priceUsd: {
        SECURE: wire.secure ? wire.price.secure : null,
        COMMUNITY: wire.community ? wire.price.community : null,
      },
      maxCount: {
        SECURE: wire.secure ? wire.maxCount.secure : 0,
        COMMUNITY: wire.community ? wire.maxCount.community : 0,
      },
      stock: wire.availability ?? null,
      dataCenters: wire.dataCenters,
      cudaVersions: wire.cudaVersions,
    })) ?? null
  )
}

export function parseCpus(value: unknown): readonly CpuOffer[] | null {
  return (
    parseList(value, 'cpus', cpu)?.map((wire) => ({
      id: wire.id,
      name: wire.name ?? wire.id,
      group: wire.group,
      vcpuRange: wire.vcpu,
      ramGbPerVcpu: wire.ramGbPerVcpu,
      pricePerVcpuUsd: wire.price.securePerVcpu,
      stock: wire.availability ?? null,
      dataCenters: wire.dataCenters,
    })) ?? null
  )
}

export function parseDataCenters(value: unknown): readonly DataCenter[] | null {
  return (
    parseList(value, 'dataCenters', dataCenter)?.map((wire) => ({
      id: wire.id,
      name: wire.name ?? wire.id,
      region: wire.region,
      hasGlobalNetwork: wire.globalNetwork,
      volumeKinds: [
        ...(wire.networkVolumeTypes.includes('STANDARD') ? (['standard'] as const) : []),
        ...(wire.networkVolumeTypes.includes('HIGH_PERFORMANCE') ? (['high-performance'] as const) : []),
      ],
      compliance: wire.compliance,
      gpuStock: Object.fromEntries(
        wire.gpuAvailability.flatMap((place) => (place.stock === null ? [] : [[place.id, place.stock]])),
      ),
    })) ?? null
  )
}

/** Without those of serverless workers, and those without an image. */
export function parseTemplates(value: unknown): readonly PodTemplate[] | null {
  return (
    parseList(value, 'templates', template)
      ?.filter(({ serverless, image }) => !serverless && image !== '')
      .map((wire) => {
        const mounts = v.safeParse(persistent, wire.mounts)
        return {
          id: wire.id,
          name: wire.name ?? wire.id,
          image: wire.image,
          args: wire.args,
          containerDiskGb: wire.disk,
          persistent: mounts.success
            ? { sizeGb: mounts.output.persistent.size, path: mounts.output.persistent.path }
            : null,
          ports: wire.ports,
          variableNames: wire.env,
          isForCpu: wire.category === 'CPU',
          startsSsh: wire.startSsh,
          startsJupyter: wire.startJupyter,
          allowedCudaVersions: wire.allowedCudaVersions,
        }
      }) ?? null
  )
}

/** The names of secrets, as texts or as objects with a name. */
export function parseSecretNames(value: unknown): readonly string[] | null {
  if (!isObject(value) || !Array.isArray(value['secrets'])) return null
  const found = value['secrets'].map((entry) => (isObject(entry) ? entry['name'] : entry))
  return [...new Set(found.filter((each) => typeof each === 'string').filter(isSecretName))]
}

const isSecretName = (text: string): boolean => SECRET_NAME.test(text)

/**
 * The rate as a plain number. Of an object it isn't known which of its figures is the limit, so there is none: a wrong
 * one would refuse pods that the account may have.
 */
export function parseLimits(value: unknown): AccountLimits | null {
  if (!isObject(value)) return null
  const limits = isObject(value['limits']) ? value['limits'] : value
  const read = v.safeParse(v.pipe(finiteNumber, v.minValue(0)), limits['spendRate'])
  return { spendPerHourUsd: read.success ? read.output : null }
}

/** Null if the response is not a list; the first of several entries with one id counts. */
function parseList<Schema extends v.GenericSchema<unknown, { readonly id: string }>>(
  value: unknown,
  field: string,
  schema: Schema,
): readonly v.InferOutput<Schema>[] | null {
  const entries = isObject(value) ? value[field] : undefined
  if (!Array.isArray(entries)) return null
  const byId = new Map<string, v.InferOutput<Schema>>()
  for (const entry of readEach(entries, schema)) if (!byId.has(entry.id)) byId.set(entry.id, entry)
  return [...byId.values()]
}

function readEach<Schema extends v.GenericSchema>(
  entries: readonly unknown[],
  schema: Schema,
): readonly v.InferOutput<Schema>[] {
  return entries.slice(0, MAX_ENTRIES).flatMap((entry) => {
    const read = v.safeParse(schema, entry)
    return read.success ? [read.output] : []
  })
}

function toNames(entries: unknown[]): string[] {
  return entries.filter((entry) => typeof entry === 'string').filter((text) => isPlainId(text))
}
