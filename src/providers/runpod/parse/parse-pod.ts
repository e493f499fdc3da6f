import * as v from 'valibot'
import type { Balance } from '../../../core/pods/provider'
import type { ContainerSigns, Pod, PodPhase, Telemetry } from '../../../core/pods/pod'
import { engineOf } from '../../../core/pods/pod-engine'
import { isRunId, LABELS_VARIABLE, parseLabels, RUN_ID_VARIABLE } from '../../../core/pods/pod-request'
import { isObject } from '../../../core/base/parse-json'
import { capText, visibleText } from '../../http/text'
import { permissionProblem } from './graphql-errors'
import { parseMounts } from './parse-mounts'
import {
  displayText,
  finiteNumber,
  isPlainId,
  isPodId,
  MAX_ID_CHARS,
  MAX_NAME_CHARS,
  parseTime,
  record,
  sshHost,
  sshPort,
} from '../../wire/wire-values'

/*
 * Parses Runpod's v2 pods field by field: a field that is missing or has the wrong type becomes null and
 * doesn't affect other fields. `env` contains secrets; only the id of the request that created the pod is read of it.
 */

const MAX_LABEL_CHARS = 100
const MAX_REASON_CHARS = 300

const text = (maxChars: number) => v.fallback(v.nullable(displayText(maxChars)), null)
const metric = v.fallback(v.nullable(finiteNumber), null)
const amount = v.fallback(v.nullable(v.pipe(finiteNumber, v.minValue(0))), null)
const time = v.fallback(v.nullable(v.pipe(v.string(), v.transform(parseTime))), null)

const gpuMetrics = v.fallback(v.pipe(record, v.object({ util: metric, memoryUtil: metric })), {
  util: null,
  memoryUtil: null,
})
const utilization = v.fallback(v.pipe(record, v.object({ util: metric })), { util: null })
/** Entries that publish nothing have no public port. */
const publishedPort = v.fallback(
  v.nullable(v.pipe(record, v.object({ ip: v.fallback(sshHost, ''), public: sshPort }))),
  null,
)
const runtime = v.pipe(
  record,
  v.object({
    // Negative while the container starts, and after it ended.
    uptime: metric,
    ports: v.fallback(v.array(publishedPort), []),
    gpus: v.fallback(v.array(gpuMetrics), []),
    cpu: utilization,
    memory: utilization,
  }),
)

/** `GpuConfig.count` in Runpod's OpenAPI document. */
const DEFAULT_GPU_COUNT = 1
const count = v.pipe(finiteNumber, v.integer(), v.minValue(0))
const gpu = v.pipe(
  record,
  v.object({ id: text(MAX_LABEL_CHARS), count: v.optional(count), vcpuCount: amount }),
)
const cpu = v.pipe(record, v.object({ id: text(MAX_LABEL_CHARS), vcpuCount: amount }))

const endpoint = v.fallback(
  v.nullable(
    v.pipe(
      record,
      v.object({
        host: sshHost,
        port: sshPort,
        username: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/)),
      }),
    ),
  ),
  null,
)
const noSsh = { direct: null, proxy: null }
const ssh = v.fallback(v.pipe(record, v.object({ direct: endpoint, proxy: endpoint })), noSsh)

const pod = v.pipe(
  record,
  v.object({
    id: v.pipe(v.string(), v.check(isPodId)),
    name: text(MAX_NAME_CHARS),
    status: v.fallback(v.string(), ''),
    statusReason: text(MAX_REASON_CHARS),
    error: text(MAX_REASON_CHARS),
    message: text(MAX_REASON_CHARS),
    actions: v.fallback(v.array(text(MAX_LABEL_CHARS)), []),
    gpu: v.fallback(v.nullable(gpu), null),
    cpu: v.fallback(v.nullable(cpu), null),
    disk: amount,
    mounts: v.optional(v.unknown()),
    dataCenterId: text(MAX_LABEL_CHARS),
    cloud: text(MAX_LABEL_CHARS),
    cost: amount,
    locked: v.fallback(v.nullable(v.boolean()), null),
    cluster: v.optional(v.unknown()),
    env: v.optional(v.unknown()),
    ssh,
    runtime: v.fallback(v.nullable(runtime), null),
    createdAt: time,
    startedAt: time,
  }),
)

const balance = v.pipe(
  record,
  v.object({
    data: v.pipe(
      record,
      v.object({
        myself: v.pipe(record, v.object({ clientBalance: finiteNumber, currentSpendPerHr: amount })),
      }),
    ),
  }),
)

const accountId = v.pipe(
  record,
  v.object({
    data: v.pipe(
      record,
      v.object({ myself: v.pipe(record, v.object({ id: v.pipe(v.string(), v.check(isPlainId)) })) }),
    ),
  }),
)

const statusChange = v.pipe(
  record,
  v.object({
    data: v.pipe(
      record,
      v.object({ pod: v.pipe(record, v.object({ lastStatusChange: v.pipe(v.string(), v.maxLength(200)) })) }),
    ),
  }),
)

const phases: ReadonlyMap<string, PodPhase> = new Map([
  ['PROVISIONING', 'creating'],
  ['STARTING', 'creating'],
  ['RUNNING', 'running'],
  ['EXITED', 'stopped'],
  ['ERROR', 'error'],
  ['TERMINATED', 'terminated'],
])

/** One pod in v2 format; null if it is not an object or has no usable id. */
export function parsePod(value: unknown): Pod | null {
  const read = v.safeParse(pod, value)
  if (!read.success) return null
  const wire = read.output
  const phase = phases.get(wire.status) ?? 'unknown'
  const engine = engineOf(wire.name ?? '')
  const hasNoGpu = isObject(value) && (value['gpu'] === undefined || value['gpu'] === null)
  return {
    id: wire.id,
    name: wire.name ?? wire.id,
    phase,
    rawStatus: capText(visibleText(wire.status), MAX_LABEL_CHARS),
    statusReason: wire.statusReason ?? wire.error ?? wire.message,
    actions: wire.actions.filter((action) => action !== null),
    gpu: wire.gpu === null ? null : readGpu(wire.gpu),
    // A pod whose GPU is unreadable must not become a CPU pod, because its activity would then be judged by
    // CPU alone.
    cpu: hasNoGpu && wire.cpu !== null ? { name: wire.cpu.id } : null,
    vcpuCount: wire.cpu?.vcpuCount ?? wire.gpu?.vcpuCount ?? null,
    containerDiskGb: wire.disk,
    ...parseMounts(wire.mounts),
    dataCenterId: wire.dataCenterId,
    cloud: wire.cloud,
    costPerHourUsd: wire.cost,
    isLocked: wire.locked,
    clusterId: wire.cluster ? clusterId(wire.cluster) : null,
    ssh: wire.ssh,
    // A stopped pod may keep reporting its last values.
    telemetry: phase === 'running' ? readTelemetry(value, wire.runtime) : null,
    ...(phase === 'running' && { container: readContainer(wire.runtime, wire.ssh.direct) }),
    createdAtMs: wire.createdAt,
    startedAtMs: wire.startedAt,
    ...(engine !== null && { engine }),
    ...readOrigin(wire.env),
  }
}

function readOrigin(env: unknown): Pick<Pod, 'runId' | 'labels' | 'isEnvironmentHidden'> {
  if (!isObject(env)) return { isEnvironmentHidden: true }
  const runId = env[RUN_ID_VARIABLE]
  const labels = parseLabels(env[LABELS_VARIABLE])
  return { ...(isRunId(runId) && { runId }), ...(labels.length > 0 && { labels }) }
}

/** The response of the balance query; null if it has no balance. */
export function parseBalance(value: unknown): Balance | null {
  const read = v.safeParse(balance, value)
  if (!read.success) return null
  const { clientBalance, currentSpendPerHr } = read.output.data.myself
  const problem = permissionProblem(value)
  return {
    balanceUsd: clientBalance,
    spendPerHourUsd: currentSpendPerHr,
    ...(problem !== null && currentSpendPerHr === null && { problem }),
  }
}

/** How a pod's status last changed, in Runpod's words; null if the response has none. */
export function parseStatusChange(value: unknown): string | null {
  const read = v.safeParse(statusChange, value)
  return read.success ? read.output.data.pod.lastStatusChange : null
}

/**
 * The account's id in the response of its query; null if it has none that can be compared. One that is too long or
 * not plain text is none: shortened or cleaned, two accounts could become one.
 */
export function parseAccountId(value: unknown): string | null {
  const read = v.safeParse(accountId, value)
  return read.success ? read.output.data.myself.id : null
}

/** The account's keys, verbatim; null if writing this list back would lose any of them. */
export function parseSshKeys(value: unknown): readonly string[] | null {
  const read = v.safeParse(v.pipe(record, v.object({ keys: v.array(v.string()) })), value)
  return read.success ? read.output.keys : null
}

function readTelemetry(value: unknown, metrics: v.InferOutput<typeof runtime> | null): Telemetry | null {
  const raw = isObject(value) ? value['runtime'] : null
  if (metrics === null || !isObject(raw) || Object.keys(raw).length === 0) return null
  return {
    gpus: metrics.gpus.map(({ util, memoryUtil }) => ({ utilPercent: util, memoryUtilPercent: memoryUtil })),
    cpuUtilPercent: metrics.cpu.util,
    memoryUtilPercent: metrics.memory.util,
    uptimeS: metrics.uptime !== null && metrics.uptime >= 0 ? metrics.uptime : null,
  }
}

/** More ports than a pod can declare would only slow down the comparison. */
const MAX_PORTS = 50

function readContainer(
  shown: v.InferOutput<typeof runtime> | null,
  direct: Pod['ssh']['direct'],
): ContainerSigns {
  const published = (shown?.ports ?? []).slice(0, MAX_PORTS).flatMap((port) => (port === null ? [] : [port]))
  const ports = published.map(({ ip, public: number }) => `${ip}:${number}`)
  if (direct !== null) ports.push(`${direct.host}:${direct.port}`)
  return { uptimeS: shown?.uptime ?? null, publicPorts: [...new Set(ports)].sort() }
}

/** Applies the documented default of one GPU where the reply has no count; null where it says nothing at all. */
function readGpu({ id, count: gpuCount }: v.InferOutput<typeof gpu>): Pod['gpu'] {
  const known = gpuCount ?? (id === null ? null : DEFAULT_GPU_COUNT)
  return known === null ? null : { name: gpuName(id), count: known }
}

/** Shortens "NVIDIA H100 80GB HBM3" to "H100 80GB HBM3". */
function gpuName(id: string | null): string {
  return id?.replace(/^(NVIDIA|AMD|Intel)\s+(?=\S)/i, '') ?? 'GPU'
}

function clusterId(cluster: unknown): string {
  const id = isObject(cluster) ? cluster['id'] : null
  return (typeof id === 'string' && capText(visibleText(id), MAX_ID_CHARS)) || 'unknown'
}
