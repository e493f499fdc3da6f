import * as v from 'valibot'
import { isObject } from '../../../core/base/parse-json'
import type {
  EndpointWorker,
  EndpointWorkers,
  ServerlessEndpoint,
  ServerlessPrices,
  WorkerState,
} from '../../../core/pods/serverless/serverless-endpoint'
import { displayText, finiteNumber, isPlainId, MAX_NAME_CHARS, record } from '../../wire/wire-values'

/*
 * Parses serverless endpoints, their workers and prices. What can't be read is null or makes a list incomplete: nothing
 * here stands for "none" or "idle".
 */

/** As many as one endpoint may have, and far more. */
const MAX_COUNT = 100_000

const id = v.pipe(v.string(), v.check(isPlainId))
const count = v.fallback(
  v.nullable(v.pipe(finiteNumber, v.integer(), v.minValue(0), v.maxValue(MAX_COUNT))),
  null,
)
const atLeastOne = v.pipe(finiteNumber, v.integer(), v.minValue(1), v.maxValue(MAX_COUNT))
const price = v.fallback(v.nullable(v.pipe(finiteNumber, v.gtValue(0))), null)
const optionalId = v.fallback(v.nullable(id), null)

const gpu = v.pipe(
  record,
  v.object({
    pools: v.pipe(v.array(id), v.minLength(1), v.maxLength(1_000)),
    excludedTypes: v.optional(v.pipe(v.array(v.pipe(v.string(), v.trim())), v.maxLength(1_000)), []),
    count: v.optional(v.fallback(v.nullable(atLeastOne), null), 1),
  }),
)
const cpu = v.pipe(
  v.array(v.pipe(record, v.object({ id, vcpuCount: atLeastOne }))),
  v.minLength(1),
  v.maxLength(1_000),
)

const endpoint = v.pipe(
  record,
  v.object({
    id,
    name: v.fallback(displayText(MAX_NAME_CHARS), ''),
    type: v.optional(v.unknown()),
    requestUrls: v.optional(v.unknown()),
    gpu: v.fallback(v.nullable(gpu), null),
    cpu: v.fallback(v.nullable(cpu), null),
    workers: v.fallback(v.pipe(record, v.object({ min: count, max: count })), { min: null, max: null }),
  }),
)

export function parseEndpoint(value: unknown): ServerlessEndpoint | null {
  const read = v.safeParse(endpoint, value)
  if (!read.success) return null
  const wire = read.output
  return {
    id: wire.id,
    name: wire.name || wire.id,
    minWorkers: wire.workers.min,
    maxWorkers: wire.workers.max,
    routing: routingOf(wire.type, wire.requestUrls),
    hardware:
      wire.gpu !== null
        ? { kind: 'gpu', ...wire.gpu }
        : wire.cpu !== null
          ? { kind: 'cpu', choices: wire.cpu }
          : null,
  }
}

/** An older endpoint may name no type; only a queue has an address that takes jobs. */
function routingOf(type: unknown, requestUrls: unknown): ServerlessEndpoint['routing'] {
  if (type === 'QUEUE') return 'queue'
  if (type === 'LOAD_BALANCER') return 'load-balancer'
  const isAbsent = type === undefined || type === null
  return isAbsent && isObject(requestUrls) && typeof requestUrls['run'] === 'string' ? 'queue' : null
}

const states: ReadonlyMap<unknown, WorkerState> = new Map([
  ['RUNNING', 'running'],
  ['IDLE', 'idle'],
  ['INITIALIZING', 'initializing'],
  ['THROTTLED', 'throttled'],
  ['UNHEALTHY', 'unhealthy'],
])

const worker = v.pipe(
  record,
  v.object({
    status: v.pipe(
      v.unknown(),
      v.transform((word): WorkerState => states.get(word) ?? 'unknown'),
    ),
    isStale: v.fallback(v.boolean(), false),
    gpuTypeId: optionalId,
    gpuCount: count,
  }),
)

const summaryCounts = ['running', 'idle', 'initializing', 'throttled', 'unhealthy'] as const

/** Null if the response is not a list of workers. */
export function parseWorkers(value: unknown): EndpointWorkers | null {
  if (!isObject(value) || !Array.isArray(value['workers'])) return null
  const entries: readonly unknown[] = value['workers']
  const workers = entries.flatMap((entry): EndpointWorker[] => {
    const read = v.safeParse(worker, entry)
    if (!read.success) return []
    const { status, isStale, gpuTypeId, gpuCount } = read.output
    return [{ state: status, isStale, gpuTypeId, gpuCount }]
  })
  const { summary } = value
  return {
    workers,
    isComplete: workers.length === entries.length && isSummaryOf(workers, summary),
    isAnyRunning:
      workers.some(({ state }) => state === 'running') ||
      (isObject(summary) && summary['running'] !== undefined && summary['running'] !== 0),
  }
}

/** The counts are a sum of the list. Others than its own say that one of both is wrong. */
function isSummaryOf(workers: readonly EndpointWorker[], summary: unknown): boolean {
  if (!isObject(summary)) return false
  return summaryCounts.every(
    (state) => summary[state] === workers.filter((one) => one.state === state).length,
  )
}

const gpuPrice = v.pipe(
  record,
  v.object({
    id,
    pool: optionalId,
    price: v.fallback(v.pipe(record, v.object({ serverless: price })), { serverless: null }),
  }),
)
const cpuPrice = v.pipe(
  record,
  v.object({
    id,
    price: v.fallback(v.pipe(record, v.object({ serverlessPerVcpu: price })), { serverlessPerVcpu: null }),
  }),
)

export function parseGpuPrices(value: unknown): ServerlessPrices['gpus'] | null {
  const entries = entriesOf(value, 'gpus')
  return (
    entries?.flatMap((entry) => {
      const read = v.safeParse(gpuPrice, entry)
      if (!read.success) return []
      return [{ id: read.output.id, pool: read.output.pool, perHourUsd: read.output.price.serverless }]
    }) ?? null
  )
}

export function parseCpuPrices(value: unknown): ServerlessPrices['cpus'] | null {
  const entries = entriesOf(value, 'cpus')
  return (
    entries?.flatMap((entry) => {
      const read = v.safeParse(cpuPrice, entry)
      return read.success ? [{ id: read.output.id, perVcpuHourUsd: read.output.price.serverlessPerVcpu }] : []
    }) ?? null
  )
}

function entriesOf(value: unknown, field: string): readonly unknown[] | null {
  const entries = isObject(value) ? value[field] : undefined
  return Array.isArray(entries) ? entries.slice(0, MAX_COUNT) : null
}
