import * as v from 'valibot'
import type { BillKind, BillRow, BillRows, NetworkVolume } from '../../../core/pods/provider'
import { isObject } from '../../../core/base/parse-json'
import { capText, visibleText } from '../../http/text'
import { finiteNumber, MAX_ID_CHARS, MAX_NAME_CHARS, parseTime, record } from '../../wire/wire-values'

/*
 * Parses bills and network volumes in Runpod's v2 format. A row without a time, a subject or a total counts
 * as unreadable. Whether an amount is plausible is checked by the ledger.
 */

const amount = v.fallback(finiteNumber, 0)
const time = v.pipe(v.string(), v.transform(parseTime), v.number())
const id = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(MAX_ID_CHARS),
  v.check((text) => visibleText(text) === text),
)

const period = { startTime: time, endTime: time }
const podRow = v.pipe(
  record,
  v.object({ ...period, podId: id, totalAmount: finiteNumber, diskAmount: amount }),
)
const volumeRow = v.pipe(record, v.object({ ...period, networkVolumeId: id, totalAmount: finiteNumber }))
const totalRow = v.pipe(
  record,
  v.object({
    ...period,
    totalAmount: finiteNumber,
    podGpuAmount: amount,
    podCpuAmount: amount,
    podDiskAmount: amount,
    storageStandardAmount: amount,
    storageHighPerformanceAmount: amount,
  }),
)

/** Rounding can make a sum of several amounts slightly negative. */
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
  // Pods and volumes have separate bills; this is everything else.
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

/** The parsed bill; null if the response is not a bill. */
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
    size: v.fallback(v.nullable(v.pipe(finiteNumber, v.minValue(0))), null),
    dataCenter: v.fallback(v.nullable(v.string()), null),
    type: v.fallback(v.string(), ''),
  }),
)

/** The parsed list of network volumes; null if the response is not a list or part of it is unreadable. */
export function parseVolumes(value: unknown): readonly NetworkVolume[] | null {
  if (!isObject(value) || !Array.isArray(value['networkVolumes'])) return null
  const volumes: NetworkVolume[] = []
  for (const entry of value['networkVolumes']) {
    const read = parseVolume(entry)
    if (read === null) return null
    if (!volumes.some((each) => each.id === read.id)) volumes.push(read)
  }
  return volumes
}

export function parseVolume(value: unknown): NetworkVolume | null {
  const read = v.safeParse(volume, value)
  if (!read.success) return null
  const { id: volumeId, name, size, dataCenter, type } = read.output
  return {
    id: volumeId,
    name: capText(visibleText(name), MAX_NAME_CHARS) || volumeId,
    sizeGb: size,
    dataCenterId: dataCenter === null ? null : capText(visibleText(dataCenter), MAX_NAME_CHARS) || null,
    // The rate of an unknown type is unknown.
    isHighPerformance: type !== 'STANDARD',
  }
}
