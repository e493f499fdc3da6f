import * as v from 'valibot'
import { isObject } from '../../base/parse-json'
import { busyReasons } from '../../idle/activity'
import { unknownReasons } from '../../idle/sample'
import { podPhases } from '../../pods/pod'

/* The schema of a last snapshot, and how the file of a data folder is read. The file may hold anything. */

/** A longer text is cut where it is only shown. */
export const MAX_TEXT = 300
/** Of one account. One with more is not kept, because a part of the list would look like the whole. */
const MAX_PODS = 2_000
const MAX_GPUS = 64
/** The last moment that a `Date` can hold, Unix ms. */
const LAST_MOMENT_MS = 8.64e15

const text = v.pipe(v.string(), v.maxLength(MAX_TEXT))
const accountId = v.pipe(text, v.regex(/^[^/]+$/))
const podId = v.pipe(text, v.minLength(1))
const time = v.pipe(v.number(), v.minValue(0), v.maxValue(LAST_MOMENT_MS))
const duration = v.pipe(v.number(), v.minValue(0), v.maxValue(LAST_MOMENT_MS))
const usd = v.pipe(v.number(), v.minValue(0), v.maxValue(1e9))
const figure = v.nullable(v.pipe(v.number(), v.finite()))

const lastPod = v.object({
  id: podId,
  name: text,
  phase: v.picklist(podPhases),
  rawStatus: text,
  statusReason: v.nullable(text),
  hardware: v.nullable(text),
  gpuCount: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000)),
  gpuName: v.nullable(text),
  dataCenterId: v.nullable(text),
  clusterId: v.nullable(text),
  isLocked: v.nullable(v.boolean()),
  costPerHourUsd: v.nullable(usd),
  isPriceApproximate: v.optional(v.literal(true)),
  stoppedDiskPerHourUsd: v.nullable(usd),
  costSinceStartUsd: v.nullable(usd),
  createdAtMs: v.nullable(time),
  creating: v.nullable(v.object({ sinceMs: time, isAtLeast: v.boolean() })),
  startedAtMs: v.nullable(time),
  utilPercent: figure,
  gpus: v.pipe(v.array(v.object({ utilPercent: figure, memoryUtilPercent: figure })), v.maxLength(MAX_GPUS)),
  cpuUtilPercent: figure,
  memoryUtilPercent: figure,
  activity: v.variant('kind', [
    v.object({ kind: v.literal('busy'), by: v.picklist(busyReasons) }),
    v.object({ kind: v.literal('idle'), sinceMs: time, idleForMs: duration }),
    v.object({ kind: v.literal('unknown'), reason: v.picklist(unknownReasons) }),
  ]),
  idleCostUsd: v.nullable(usd),
  alertAfterMs: duration,
  keepOn: v.nullable(v.object({ sinceMs: time, untilMs: v.nullable(time) })),
})

const lastSnapshot = v.object({
  accountId,
  /** When its pods were listed, Unix ms. */
  listedAtMs: time,
  burn: v.object({ perHourUsd: usd, isAtLeast: v.boolean(), isApproximate: v.optional(v.literal(true)) }),
  pods: v.pipe(
    v.array(lastPod),
    v.maxLength(MAX_PODS),
    v.check((pods) => new Set(pods.map((pod) => pod.id)).size === pods.length),
  ),
})

/** What is kept of a pod. The fields are those of `PodView`. */
export type LastPod = v.InferOutput<typeof lastPod>

/** The pods of an account as they were last listed, to be shown after the next start. */
export type LastSnapshot = v.InferOutput<typeof lastSnapshot>

/** Null for what could not be read again. */
export function parseLastSnapshot(value: unknown): LastSnapshot | null {
  const parsed = v.safeParse(lastSnapshot, value)
  return parsed.success ? parsed.output : null
}

const VERSION = 1

/** The content of the file. */
export const lastSnapshotsFile = (accounts: readonly LastSnapshot[]): object => ({
  version: VERSION,
  accounts,
})

/** Reads the content of the file. An account that is malformed, or is there twice, is left out. */
export function parseLastSnapshots(value: unknown): readonly LastSnapshot[] {
  if (!isObject(value) || value['version'] !== VERSION || !Array.isArray(value['accounts'])) return []
  const accounts = value['accounts'].flatMap((one: unknown) => parseLastSnapshot(one) ?? [])
  const counts = new Map<string, number>()
  for (const one of accounts) counts.set(one.accountId, (counts.get(one.accountId) ?? 0) + 1)
  return accounts.filter((one) => counts.get(one.accountId) === 1)
}
