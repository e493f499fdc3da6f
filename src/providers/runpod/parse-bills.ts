import * as v from 'valibot'
import type { BillKind, BillRow, BillRows, NetworkVolume } from '../../core/pods/provider'
import { isObject } from '../../core/base/parse-json'
import { capText, visibleText } from '../http/text'
import { parseTime } from './parse-pod'

/*
 * Bills and network volumes as Runpod's v2 sends them. A row without a time, a subject or a total is counted as
 * unreadable; whether its amount makes sense is for the ledger to say.
 */

const MAX_ID_CHARS = 200
const MAX_NAME_CHARS = 200

const record = v.custom<Record<string, unknown>>(isObject)
const number = v.pipe(v.number(), v.finite())
const amount = v.fallback(number, 0)
const time = v.pipe(v.string(), v.transform(parseTime), v.number())
const id = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(MAX_ID_CHARS),
  v.check((text) => visibleText(text) === text),
)

const period = { startTime: time, endTime: time }
const podRow = v.pipe(record, v.object({ ...period, podId: id, totalAmount: number, diskAmount: amount }))
const volumeRow = v.pipe(record, v.object({ ...period, networkVolumeId: id, totalAmount: number }))
const totalRow = v.pipe(
  record,
  v.object({
    ...period,
    totalAmount: number,
    podGpuAmount: amount,
    podCpuAmount: amount,
    podDiskAmount: amount,
    storageStandardAmount: amount,
    storageHighPerformanceAmount: amount,
  }),
)

/** A sum of several amounts may come out a hair below nothing. */
const ROUNDING_USD = 0.000_001

const readers: Record<BillKind, (value: unknown) => BillRow | null> = {
  pods(value) {
    const read = v.safeParse(podRow, value)
    if (!read.success) return null
    const { startTime, endTime, podId, totalAmount, diskAmount } = read.output
    return {
      subjectId: podId,
      startMs: startTime,
      endMs: endTime,
      totalUsd: totalAmount,
      diskUsd: diskAmount,
    }
  },
  volumes(value) {
    const read = v.safeParse(volumeRow, value)
    if (!read.success) return null
    const { startTime, endTime, networkVolumeId, totalAmount } = read.output
    return {
      subjectId: networkVolumeId,
      startMs: startTime,
      endMs: endTime,
      totalUsd: totalAmount,
      diskUsd: totalAmount,
    }
  },
  // Pods and volumes have bills of their own; what is left is everything else.
  total(value) {
    const read = v.safeParse(totalRow, value)
    if (!read.success) return null
    const row = read.output
    const otherUsd =
      row.totalAmount -
      row.podGpuAmount -
      row.podCpuAmount -
      row.podDiskAmount -
      row.storageStandardAmount -
      row.storageHighPerformanceAmount
    return {
      subjectId: null,
      startMs: row.startTime,
      endMs: row.endTime,
      totalUsd: Math.abs(otherUsd) < ROUNDING_USD ? 0 : otherUsd,
      diskUsd: 0,
    }
  },
}

/** The answer of a bill; null when it is none. */
export function parseBills(kind: BillKind, value: unknown): BillRows | null {
  if (!isObject(value) || !Array.isArray(value['records'])) return null
  const rows = value['records'].map(readers[kind])
  const readable = rows.filter((row) => row !== null)
  return { rows: readable, unreadableCount: rows.length - readable.length }
}

const volume = v.pipe(
  record,
  v.object({
    id,
    name: v.fallback(v.string(), ''),
    size: v.fallback(v.nullable(v.pipe(number, v.minValue(0))), null),
    dataCenter: v.fallback(v.nullable(v.string()), null),
    type: v.fallback(v.string(), ''),
  }),
)

/** The answer of the list of network volumes; null when it is none, or some of it cannot be read. */
export function parseVolumes(value: unknown): readonly NetworkVolume[] | null {
  if (!isObject(value) || !Array.isArray(value['networkVolumes'])) return null
  const volumes: NetworkVolume[] = []
  for (const entry of value['networkVolumes']) {
    const read = v.safeParse(volume, entry)
    if (!read.success) return null
    const { id: volumeId, name, size, dataCenter, type } = read.output
    if (volumes.some((each) => each.id === volumeId)) continue
    volumes.push({
      id: volumeId,
      name: capText(visibleText(name), MAX_NAME_CHARS) || volumeId,
      sizeGb: size,
      dataCenterId: dataCenter === null ? null : capText(visibleText(dataCenter), MAX_NAME_CHARS) || null,
      // A type that is not known here has no rate that is.
      isHighPerformance: type !== 'STANDARD',
    })
  }
  return volumes
}
