import * as v from 'valibot'
import type {
  ManagedPod,
  PersistentMount,
  Pod,
  PodId,
  PodPhase,
  PodSsh,
  Telemetry,
} from '../../core/pods/pod'
import { isObject } from '../../core/base/parse-json'
import { HOUR_MS, MINUTE_MS } from '../../core/base/time/time'
import { capText, visibleText } from '../http/text'
import {
  displayText,
  finiteNumber,
  isPodId,
  MAX_NAME_CHARS,
  parseTime,
  sshHost,
  sshPort,
} from '../wire/wire-values'
import { listPricePerHourUsd } from '../../core/pods/labs/list-price'
import { fieldOf, type Fields, readTime, toCamelCase } from './wire-shape'

/*
 * The documents promise "GPU utilization, memory, and idle time" without naming the fields. Only names that say
 * clearly what they mean are read. A figure that is absent or could mean two things is unknown.
 */

const GPU_UTIL = ['gpuUtilization', 'gpuUtilizationPercent', 'gpuUtilPercent', 'gpuUtil']
const GPU_MEMORY = [
  'gpuMemoryUtilization',
  'gpuMemoryUtilizationPercent',
  'gpuMemoryPercent',
  'gpuMemoryUtil',
]
const CPU_UTIL = ['cpuUtilization', 'cpuUtilizationPercent', 'cpuUtilPercent', 'cpuUtil', 'cpuPercent']
const MEMORY = ['memoryUtilization', 'memoryUtilizationPercent', 'memoryPercent', 'memoryUtil']
const MAX_GPUS = 64

/*
 * Parses Hubify's pods field by field: a field that is missing or unreadable becomes null and doesn't affect other
 * fields. The documents describe the fields without naming them, so each is looked for under its plausible names.
 * `env` may hold secrets and is not read at all.
 */

const MAX_LABEL_CHARS = 100
const MAX_REASON_CHARS = 300

/** The four documented statuses. */
const phases: ReadonlyMap<string, PodPhase> = new Map([
  ['creating', 'creating'],
  ['running', 'running'],
  ['stopped', 'stopped'],
  ['terminated', 'terminated'],
])

/** The program at Hubify that stops idle pods does so after this many minutes unless it is set otherwise. */
const DEFAULT_AUTO_STOP_MINUTES = 360
/** Where volumes are mounted, by the documented sample of an environment. */
const VOLUME_PATH = '/workspace'

/** What is known besides the reply. */
export interface PodContext {
  /** Whether the announced route is offered now. */
  readonly canTerminate: boolean
  /** Now, Unix ms. */
  readonly wallMs: number
}

/** The id of a pod in a list or reply: `_id` is that of the document, which all routes use. */
export function podIdOf(pod: Fields): PodId | null {
  const id = fieldOf(pod, ['_id', 'id'])
  return typeof id === 'string' && isPodId(id) ? id : null
}

/** One pod; null if it is not an object or has no usable id. */
export function parsePod(value: unknown, context: PodContext): Pod | null {
  if (!isObject(value)) return null
  const pod = toCamelCase(value)
  const id = podIdOf(pod)
  if (id === null) return null
  const status = typeof pod['status'] === 'string' ? pod['status'] : ''
  const phase = phases.get(status.trim().toLowerCase()) ?? 'unknown'
  const gpu = parseGpu(pod)
  const createdAtMs = readTime(fieldOf(pod, ['createdAt', '_creationTime']), parseTime)
  const startedAtMs = readTime(fieldOf(pod, ['startedAt']), parseTime)
  const locked = fieldOf(pod, ['locked', 'isLocked'])
  const mount = parseVolume(pod)
  return {
    id,
    name: textOf(pod, ['name', 'podName', 'label'], MAX_NAME_CHARS) ?? fallbackName(id, gpu),
    phase,
    rawStatus: capText(visibleText(status), MAX_LABEL_CHARS),
    statusReason: textOf(pod, ['statusReason', 'statusMessage', 'error'], MAX_REASON_CHARS),
    actions: actionsOf(phase, context),
    gpu,
    cpu: null,
    vcpuCount: amountOf(pod, ['vcpuCount', 'vcpus']),
    containerDiskGb: amountOf(pod, ['containerDiskGb', 'containerDisk', 'containerDiskInGb']),
    persistentMount: mount,
    networkMounts: [],
    // Without a size, the documents only promise that a pod has some volume.
    areMountsKnown: mount !== null,
    dataCenterId: textOf(pod, ['dataCenterId', 'region'], MAX_LABEL_CHARS),
    cloud: textOf(pod, ['cloudType'], MAX_LABEL_CHARS),
    ...parsePrice(pod, phase, gpu),
    // Hubify has no locked pods, so only what it says locks one.
    isLocked: locked === undefined ? false : typeof locked === 'boolean' ? locked : null,
    clusterId: null,
    ssh: parseSsh(pod),
    // A pod that doesn't run may keep reporting its last values.
    telemetry: phase === 'running' ? parseTelemetry(pod) : null,
    createdAtMs,
    startedAtMs,
    managed: parseManaged(pod, id, phase, { createdAtMs, startedAtMs }, context.wallMs),
  }
}

/** A direct connection, always as root, by the fields of a pod or of the reply that has only the credentials. */
export function parseSsh(pod: Fields): PodSsh {
  const nested = isObject(pod['ssh']) ? toCamelCase(pod['ssh']) : {}
  const command = fieldOf({ ...nested, ...pod }, ['sshCommand', 'command'])
  // The documented form, and no other: nothing of it is ever used as a command.
  const parts =
    typeof command === 'string' ? /^ssh root@(\S{1,253}) -p (\d{1,5})$/.exec(command.trim()) : null
  const host = fieldOf(pod, ['sshHost', 'sshHostname']) ?? fieldOf(nested, ['host', 'hostname']) ?? parts?.[1]
  const port = fieldOf(pod, ['sshPort']) ?? fieldOf(nested, ['port']) ?? parts?.[2]
  const read = v.safeParse(endpoint, { host, port })
  return { direct: read.success ? { ...read.output, username: 'root' } : null, proxy: null }
}

const port = v.union([sshPort, v.pipe(v.string(), v.regex(/^\d{1,5}$/), v.transform(Number), sshPort)])
const endpoint = v.object({ host: sshHost, port })

/**
 * By the documents. A terminated pod can never be started, and what is done in other states is not described. Restart
 * is described for stopped pods only, where it is a start, and nothing that a lab says would show that a running pod
 * was restarted.
 */
function actionsOf(phase: PodPhase, { canTerminate }: PodContext): readonly string[] {
  const terminate = canTerminate ? ['terminate'] : []
  if (phase === 'stopped') return ['start', ...terminate]
  if (phase === 'running') return ['stop', ...terminate]
  return []
}

/** The documented default is one GPU. Null where the reply has no type, or a count that is none. */
function parseGpu(pod: Fields): Pod['gpu'] {
  const name = textOf(pod, ['gpuType', 'gpuTypeId', 'gpuName', 'gpu'], MAX_LABEL_CHARS)
  const count = fieldOf(pod, ['gpuCount']) ?? 1
  if (name === null || typeof count !== 'number' || !Number.isInteger(count) || count < 1) return null
  return { name: name.replace(/^NVIDIA\s+(?=\S)/i, ''), count }
}

const PRICE_NAMES = (
  'costPerHourUsd costPerHour costPerHr hourlyCostUsd hourlyCost hourlyRateUsd hourlyRate ' +
  'pricePerHourUsd pricePerHour pricePerHr hourlyPrice'
).split(' ')

/** What the server says, or else the list price of a pod that may be running. */
function parsePrice(
  pod: Fields,
  phase: PodPhase,
  gpu: Pod['gpu'],
): Pick<Pod, 'costPerHourUsd' | 'isPriceApproximate'> {
  const costPerHourUsd = amountOf(pod, PRICE_NAMES)
  if (costPerHourUsd !== null) return { costPerHourUsd }
  const listPrice = gpu === null ? null : listPricePerHourUsd(gpu)
  if (listPrice === null || phase === 'stopped' || phase === 'terminated') return { costPerHourUsd: null }
  return { costPerHourUsd: listPrice, isPriceApproximate: true }
}

/** The documents say that the volume survives a stop, and nothing about other disks. */
function parseVolume(pod: Fields): PersistentMount | null {
  const sizeGb = amountOf(pod, ['volumeSize', 'volumeSizeGb', 'volumeGb', 'volumeInGb'])
  if (sizeGb === null || sizeGb === 0) return null
  return { sizeGb, path: textOf(pod, ['volumeMountPath', 'volumePath'], 1_000) ?? VOLUME_PATH }
}

const CLOUD_ID_NAMES = [
  'runpodId',
  'runpodPodId',
  'runPodId',
  'providerPodId',
  'cloudPodId',
  'externalId',
  'podId',
]

function parseManaged(
  pod: Fields,
  id: PodId,
  phase: PodPhase,
  { createdAtMs, startedAtMs }: Pick<Pod, 'createdAtMs' | 'startedAtMs'>,
  wallMs: number,
): ManagedPod {
  const cloudPodId = fieldOf(pod, CLOUD_ID_NAMES)
  const provider = pod['provider'] ?? 'runpod'
  const isAtRunpod = typeof provider === 'string' && provider.toLowerCase() === 'runpod'
  const isCloudId = isAtRunpod && typeof cloudPodId === 'string' && isPodId(cloudPodId) && cloudPodId !== id
  const idleMinutes = phase === 'running' ? amountOf(pod, ['idleMinutes']) : null
  const leftMinutes = idleMinutes === null ? null : Math.max(0, DEFAULT_AUTO_STOP_MINUTES - idleMinutes)
  return {
    cloudPodId: isCloudId ? cloudPodId : null,
    idleMinutes,
    stopsAtMs: leftMinutes === null ? null : wallMs + leftMinutes * MINUTE_MS,
    terminatesAtMs: phase === 'terminated' ? null : terminatesAtMs(pod, [createdAtMs, startedAtMs], wallMs),
  }
}

/**
 * The time that the reply names. Otherwise the maximum runtime after the creation or the start: the documents don't
 * say which, so it is the earliest that is not over yet.
 */
function terminatesAtMs(pod: Fields, starts: readonly (number | null)[], wallMs: number): number | null {
  const explicit = readTime(fieldOf(pod, ['terminatesAt', 'autoTerminateAt', 'terminateAt']), parseTime)
  if (explicit !== null) return explicit
  const maxHours = amountOf(pod, ['maxHours'])
  if (maxHours === null || maxHours === 0) return null
  const ends = starts.flatMap((start) => (start === null ? [] : [start + maxHours * HOUR_MS]))
  const ahead = ends.filter((end) => end > wallMs && end <= 8_640_000_000_000_000)
  return ahead.length === 0 ? null : Math.min(...ahead)
}

/** Hubify documents no names, so one is made of what a person knows the pod by. */
function fallbackName(id: PodId, gpu: Pod['gpu']): string {
  return `${gpu?.name ?? 'Pod'} ${id.slice(-6)}`
}

function textOf(pod: Fields, names: readonly string[], maxChars: number): string | null {
  const read = v.safeParse(displayText(maxChars), fieldOf(pod, names))
  return read.success ? read.output : null
}

function amountOf(pod: Fields, names: readonly string[]): number | null {
  const read = v.safeParse(v.pipe(finiteNumber, v.minValue(0)), fieldOf(pod, names))
  return read.success ? read.output : null
}

/** What a running pod reports about its load; null if it reports nothing. */
function parseTelemetry(pod: Fields): Telemetry | null {
  const nested = ['telemetry', 'metrics', 'runtime'].map((name) => pod[name]).find(isObject)
  const fields: Fields = nested === undefined ? pod : { ...pod, ...toCamelCase(nested) }
  const gpus = parseGpus(fields)
  const cpuUtilPercent = percentOf(fieldOf(fields, CPU_UTIL))
  const memoryUtilPercent = percentOf(fieldOf(fields, MEMORY))
  const uptime = fieldOf(fields, ['uptimeSeconds'])
  const uptimeS = typeof uptime === 'number' && Number.isFinite(uptime) && uptime >= 0 ? uptime : null
  if (gpus.length === 0 && cpuUtilPercent === null && memoryUtilPercent === null && uptimeS === null)
    return null
  return { gpus, cpuUtilPercent, memoryUtilPercent, uptimeS }
}

function parseGpus(fields: Fields): Telemetry['gpus'] {
  if (Array.isArray(fields['gpus'])) {
    return fields['gpus'].slice(0, MAX_GPUS).map((each) => {
      const gpu = isObject(each) ? toCamelCase(each) : {}
      return {
        utilPercent: percentOf(fieldOf(gpu, [...GPU_UTIL, 'utilization', 'utilPercent', 'util'])),
        memoryUtilPercent: percentOf(fieldOf(gpu, [...GPU_MEMORY, ...MEMORY])),
      }
    })
  }
  const util = fieldOf(fields, GPU_UTIL)
  const memory = fieldOf(fields, GPU_MEMORY)
  if (Array.isArray(util))
    return util.slice(0, MAX_GPUS).map((each, index) => ({
      utilPercent: percentOf(each),
      memoryUtilPercent: percentOf(Array.isArray(memory) ? memory[index] : null),
    }))
  const [utilPercent, memoryUtilPercent] = [percentOf(util), percentOf(memory)]
  return utilPercent === null && memoryUtilPercent === null ? [] : [{ utilPercent, memoryUtilPercent }]
}

/**
 * A percentage. The documented sample is 94.2; a number above 0 and up to 1 could also be a share, and taking 0.94
 * for 0.94% would call a busy pod idle, so it is unknown.
 */
function percentOf(value: unknown): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null
  return value > 0 && value <= 1 ? null : value
}
