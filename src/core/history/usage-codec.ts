import { createByteReader, createByteWriter } from './bytes'
import {
  type FigureRange,
  MAX_GPUS,
  type UsageMetric,
  usageMetrics,
  type UsageRow,
  type UsageSample,
  type UsageState,
  usageStates,
} from './usage'

/*
 * Samples and rows of one pod as bytes. Values of a kind stand together, because they are alike, which makes the
 * compressed form small. Percentages take a byte each, in half percents; 255 stands for unknown.
 */

const UNKNOWN = 255
const NEW_RUN = 4

export const percentByte = (percent: number | null): number =>
  percent === null ? UNKNOWN : Math.round(percent * 2)
/** Throws a `RangeError` for what is no percentage. */
export function bytePercent(byte: number): number | null {
  if (byte === UNKNOWN) return null
  if (byte > 200) throw new RangeError('not a percentage')
  return byte / 2
}

export const stateByte = ({ state, isNewRun }: Pick<UsageSample, 'state' | 'isNewRun'>): number =>
  usageStates.indexOf(state) + (isNewRun ? NEW_RUN : 0)
/** Throws a `RangeError` for a byte that stands for no state. */
export function byteState(byte: number): Pick<UsageSample, 'state' | 'isNewRun'> {
  const state = usageStates[byte % NEW_RUN]
  if (state === undefined || byte >= NEW_RUN * 2) throw new RangeError('not a state')
  return { state, isNewRun: byte >= NEW_RUN }
}

/** `samples` in the order of their time, each moment once. */
export function encodeSamples(samples: readonly UsageSample[]): Uint8Array {
  const writer = createByteWriter(samples.length * 10 + 16)
  writer.varint(samples.length)
  let previousMs = 0
  for (const { atMs } of samples) {
    writer.varint(atMs - previousMs)
    previousMs = atMs
  }
  for (const sample of samples) writer.byte(stateByte(sample))
  for (const { gpus } of samples) writer.byte(gpus.length)
  const gpuCount = Math.max(0, ...samples.map(({ gpus }) => gpus.length))
  for (let index = 0; index < gpuCount; index++) {
    const ofGpu = samples.flatMap(({ gpus }) => gpus[index] ?? [])
    for (const { util } of ofGpu) writer.byte(percentByte(util))
    for (const { memory } of ofGpu) writer.byte(percentByte(memory))
  }
  for (const { cpu } of samples) writer.byte(percentByte(cpu))
  for (const { memory } of samples) writer.byte(percentByte(memory))
  return writer.done()
}

/** Throws a `RangeError` for what `encodeSamples` did not write. */
export function decodeSamples(podId: string, bytes: Uint8Array): readonly UsageSample[] {
  const reader = createByteReader(bytes)
  const count = reader.varint()
  if (count > bytes.length) throw new RangeError('more samples than bytes')
  let atMs = 0
  const times = Array.from({ length: count }, () => (atMs += reader.varint()))
  const states = times.map(() => byteState(reader.byte()))
  const gpuCounts = times.map(() => reader.byte())
  if (gpuCounts.some((gpus) => gpus > MAX_GPUS)) throw new RangeError('too many GPUs')
  const gpus: { util: number | null; memory: number | null }[][] = times.map(() => [])
  for (let index = 0; index < Math.max(0, ...gpuCounts); index++) {
    const having = gpus.filter((_, at) => (gpuCounts[at] ?? 0) > index)
    for (const own of having) own.push({ util: bytePercent(reader.byte()), memory: null })
    for (const own of having) {
      const gpu = own[index]
      if (gpu !== undefined) gpu.memory = bytePercent(reader.byte())
    }
  }
  const cpus = times.map(() => bytePercent(reader.byte()))
  const memories = times.map(() => bytePercent(reader.byte()))
  return times.map((sampleAtMs, at) => ({
    podId,
    atMs: sampleAtMs,
    ...(states[at] ?? byteState(0)),
    gpus: gpus[at] ?? [],
    cpu: cpus[at] ?? null,
    memory: memories[at] ?? null,
  }))
}

/** `rows` in the order of their time, each step once; `stepMs` long. */
export function encodeRows(rows: readonly UsageRow[], stepMs: number): Uint8Array {
  const writer = createByteWriter(rows.length * 24 + 16)
  writer.varint(rows.length)
  let previous = 0
  for (const { startMs } of rows) {
    writer.varint(startMs / stepMs - previous)
    previous = startMs / stepMs
  }
  for (const { samples } of rows) writer.varint(samples)
  for (const { isNewRun } of rows) writer.byte(isNewRun ? 1 : 0)
  for (const state of usageStates) for (const { shares } of rows) writer.byte(Math.round(shares[state] * 200))
  for (const metric of usageMetrics)
    for (const key of rangeKeys) for (const { figures } of rows) writer.byte(rangeByte(figures[metric], key))
  return writer.done()
}

/** Throws a `RangeError` for what `encodeRows` did not write. */
export function decodeRows(bytes: Uint8Array, stepMs: number): readonly UsageRow[] {
  const reader = createByteReader(bytes)
  const count = reader.varint()
  if (count > bytes.length) throw new RangeError('more rows than bytes')
  let step = 0
  const starts = Array.from({ length: count }, () => (step += reader.varint()) * stepMs)
  const samples = starts.map(() => reader.varint())
  const newRuns = starts.map(() => reader.byte() === 1)
  const shares = usageStates.map(() => reader.bytes(count))
  const ranges = usageMetrics.map(() => rangeKeys.map(() => reader.bytes(count)))
  const shareAt = (state: UsageState, at: number): number =>
    (shares[usageStates.indexOf(state)]?.[at] ?? 0) / 200
  const rangeAt = (metric: UsageMetric, at: number): FigureRange | null => {
    const [min, mean, max, known] = ranges[usageMetrics.indexOf(metric)] ?? []
    const lowest = bytePercent(min?.[at] ?? UNKNOWN)
    if (lowest === null) return null
    return {
      min: lowest,
      mean: bytePercent(mean?.[at] ?? UNKNOWN) ?? lowest,
      max: bytePercent(max?.[at] ?? UNKNOWN) ?? lowest,
      known: (known?.[at] ?? 0) / 200,
    }
  }
  return starts.map((startMs, at) => ({
    startMs,
    samples: samples[at] ?? 0,
    isNewRun: newRuns[at] ?? false,
    shares: {
      unknown: shareAt('unknown', at),
      busy: shareAt('busy', at),
      idle: shareAt('idle', at),
      off: shareAt('off', at),
    },
    figures: {
      gpu: rangeAt('gpu', at),
      gpuMemory: rangeAt('gpuMemory', at),
      cpu: rangeAt('cpu', at),
      memory: rangeAt('memory', at),
    },
  }))
}

const rangeKeys = ['min', 'mean', 'max', 'known'] as const

function rangeByte(range: FigureRange | null, key: (typeof rangeKeys)[number]): number {
  if (range === null) return UNKNOWN
  return key === 'known' ? Math.round(range.known * 200) : percentByte(range[key])
}
