import { between } from '../seeded-random'
import type { PodRecord } from '../pod-record'
import { TRAIN_LINE_S, trainLine } from './train-log'

export interface SimulatedLogLine {
  readonly source: 'container' | 'system'
  readonly text: string
  /** Simulated ms. */
  readonly atMs: number
}

/** Lines at regular intervals; a single line has an infinite interval. */
interface LogSeries {
  readonly source: SimulatedLogLine['source']
  readonly firstMs: number
  readonly everyMs: number
  /** The source ends before this time. */
  readonly endMs: number
  readonly textOf: (index: number) => string
}

/** The log of a pod's present run as a function of time; nothing is stored. */
export class PodLog {
  readonly #series: readonly LogSeries[]

  constructor(pod: PodRecord, seed: number, source: SimulatedLogLine['source'] | null) {
    const all = [...systemSeries(pod), ...containerSeries(pod, seed)]
    this.#series = all.filter((each) => source === null || each.source === source)
  }

  /** The last `max` lines after `afterMs` up to and including `untilMs`, oldest first. */
  between(afterMs: number, untilMs: number, max: number): readonly SimulatedLogLine[] {
    if (max === 0) return []
    return this.#series
      .flatMap((series) => linesBetween(series, afterMs, untilMs, max))
      .sort((a, b) => a.atMs - b.atMs)
      .slice(-max)
  }

  /** The time of the first line after `afterMs`; null if there won't be any. */
  nextMs(afterMs: number): number | null {
    const next = Math.min(...this.#series.map((series) => nextLineAtMs(series, afterMs)))
    return Number.isFinite(next) ? next : null
  }
}

function linesBetween(
  series: LogSeries,
  afterMs: number,
  untilMs: number,
  max: number,
): readonly SimulatedLogLine[] {
  const { firstMs, everyMs, source } = series
  const lastMs = Math.min(untilMs, series.endMs)
  if (lastMs < firstMs || series.endMs <= firstMs) return []
  let last = Number.isFinite(everyMs) ? Math.floor((lastMs - firstMs) / everyMs) : 0
  if (firstMs + last * everyMs >= series.endMs) last -= 1
  const first = indexAfter(series, afterMs)
  const from = Math.max(first, last - max + 1)
  return Array.from({ length: Math.max(0, last - from + 1) }, (_, i) => ({
    source,
    text: series.textOf(from + i),
    atMs: from + i === 0 ? firstMs : firstMs + (from + i) * everyMs,
  }))
}

function indexAfter({ firstMs, everyMs }: LogSeries, afterMs: number): number {
  if (afterMs < firstMs) return 0
  return Number.isFinite(everyMs) ? Math.floor((afterMs - firstMs) / everyMs) + 1 : 1
}

function nextLineAtMs(series: LogSeries, afterMs: number): number {
  const index = indexAfter(series, afterMs)
  const atMs = index === 0 ? series.firstMs : series.firstMs + index * series.everyMs
  return atMs < series.endMs ? atMs : Number.POSITIVE_INFINITY
}

const singleLine = (source: SimulatedLogLine['source'], atMs: number, text: string): LogSeries => ({
  source,
  firstMs: atMs,
  everyMs: Number.POSITIVE_INFINITY,
  endMs: Number.POSITIVE_INFINITY,
  textOf: () => text,
})

function systemSeries(pod: PodRecord): readonly LogSeries[] {
  const { spec, mode, requestedAtMs, readyAtMs, containerStartedAtMs, offAtMs } = pod
  const endMs = offAtMs ?? Number.POSITIVE_INFINITY
  const pullAtMs = requestedAtMs + spec.provisioningS * 1_000
  const start = singleLine('system', requestedAtMs, `create container ${spec.image}`)
  if (mode === 'image-missing') {
    const pull = singleLine('system', pullAtMs, `pulling image ${spec.image}`)
    const fails = `failed to pull image ${spec.image}: manifest unknown`
    return [start, pull, { ...singleLine('system', pullAtMs + 5_000, fails), everyMs: 30_000, endMs }]
  }
  if (mode === 'stuck-creating') {
    const waits = 'waiting for a machine'
    return [start, { ...singleLine('system', pullAtMs, waits), everyMs: 60_000, endMs }]
  }
  const lines = [
    start,
    singleLine('system', pullAtMs, `pulling image ${spec.image}`),
    ...pullProgress(pullAtMs, readyAtMs, spec.image),
    singleLine(
      'system',
      readyAtMs,
      mode === 'error' ? `failed to start ${spec.image}: exit code 1` : 'start container',
    ),
    ...(containerStartedAtMs > readyAtMs
      ? [singleLine('system', containerStartedAtMs, 'restart container')]
      : []),
  ].map((each) => ({ ...each, endMs }))
  const crashes =
    mode === 'crash-loop' ? crashLoopSeries(pod).filter(({ source }) => source === 'system') : []
  const stop = offAtMs === null ? [] : [singleLine('system', offAtMs, 'stop container')]
  return [...lines, ...crashes, ...stop]
}

/** The layers of every image, MB. */
const LAYERS_MB = [28.6, 412.5, 96.1, 2_310, 1_244] as const

/**
 * A pull that takes longer than a minute says how far each layer is, as Docker does. Source of the form: logs of Runpod
 * pods in public issue threads, read 2026-11-27.
 */
function pullProgress(pullAtMs: number, readyAtMs: number, image: string): readonly LogSeries[] {
  const totalMs = readyAtMs - pullAtMs
  if (totalMs < 60_000) return []
  const at = (share: number, text: string) => singleLine('system', pullAtMs + share * totalMs, text)
  const layers = LAYERS_MB.map((sizeMb, i) => ({
    sizeMb,
    id: `${i}${'4f9c1e7a2b35'.slice(i)}${'d08f'.slice(0, i)}`.slice(0, 12),
    from: 0.02 + i * 0.18,
    to: 0.2 + i * 0.18,
  }))
  return [
    at(0.01, `${image.split(':')[1] ?? 'latest'} Pulling from ${image.split(':')[0]}`),
    ...layers.flatMap(({ id, sizeMb, from, to }) => [
      at(0.015, `${id} Pulling fs layer`),
      ...[0.25, 0.5, 0.75, 1].map((share) =>
        at(
          from + (to - from) * 0.8 * share,
          `${id} Downloading [${'='.repeat(share * 20)}>] ${formatMb(sizeMb * share)}/${formatMb(sizeMb)}`,
        ),
      ),
      at(from + (to - from) * 0.9, `${id} Extracting [====>] ${formatMb(sizeMb / 2)}/${formatMb(sizeMb)}`),
      at(to, `${id} Pull complete`),
    ]),
    at(0.95, `Status: Downloaded newer image for ${image}`),
  ]
}

const formatMb = (mb: number): string => (mb >= 1_000 ? `${(mb / 1_000).toFixed(3)}GB` : `${mb.toFixed(1)}MB`)

/** How long the command of a crash loop runs. */
const CRASH_EVERY_S = 10

function crashLoopSeries(pod: PodRecord): readonly LogSeries[] {
  const again = (source: SimulatedLogLine['source'], afterS: number, text: string): LogSeries => ({
    source,
    firstMs: pod.readyAtMs + afterS * 1_000,
    everyMs: CRASH_EVERY_S * 1_000,
    endMs: pod.offAtMs ?? Number.POSITIVE_INFINITY,
    textOf: () => text,
  })
  return [
    again('system', CRASH_EVERY_S, 'start container'),
    again('container', 1, 'Traceback (most recent call last):'),
    again('container', 1.1, "ModuleNotFoundError: No module named 'flash_attn'"),
  ]
}

function containerSeries(pod: PodRecord, seed: number): readonly LogSeries[] {
  const { logLinesPerS } = pod.spec
  const own = ownContainerSeries(pod, seed)
  if (logLinesPerS <= 0) return own
  const flood: LogSeries = {
    source: 'container',
    firstMs: pod.containerStartedAtMs,
    everyMs: 1_000 / logLinesPerS,
    endMs: pod.offAtMs ?? Number.POSITIVE_INFINITY,
    textOf: (index) => `line ${index} ${'.'.repeat(index % 60)}`,
  }
  return [...own, flood]
}

function ownContainerSeries(pod: PodRecord, seed: number): readonly LogSeries[] {
  const { id, spec, mode, containerStartedAtMs, offAtMs } = pod
  if (mode === 'stuck-creating' || mode === 'image-missing' || mode === 'error') return []
  if (mode === 'crash-loop') return crashLoopSeries(pod).filter(({ source }) => source === 'container')
  const endMs = offAtMs ?? Number.POSITIVE_INFINITY
  const sinceMs = containerStartedAtMs + 500
  const at = (afterS: number, text: string) => ({
    ...singleLine('container', sinceMs + afterS * 1_000, text),
    endMs,
  })
  const every = (everyS: number, untilMs: number, textOf: LogSeries['textOf']): LogSeries => ({
    source: 'container',
    firstMs: sinceMs + 3_000,
    everyMs: everyS * 1_000,
    endMs: Math.min(endMs, untilMs),
    textOf,
  })
  const train = (untilMs: number) => every(TRAIN_LINE_S, untilMs, (i) => trainLine(seed, id, i))
  const jupyter = at(2, 'Jupyter Server is running at http://0.0.0.0:8888/lab')
  switch (mode) {
    case 'training':
    case 'partial':
    case 'telemetry-missing':
      return [at(1, 'loading checkpoint shards'), train(Number.POSITIVE_INFINITY)]
    case 'idle-after': {
      const doneMs = containerStartedAtMs + spec.idleAfterMin * 60_000
      const done = { ...singleLine('container', doneMs, 'training finished, model saved'), endMs }
      return [at(1, 'loading checkpoint shards'), train(doneMs), done]
    }
    case 'idle':
      return [jupyter]
    case 'spiky':
      return [
        jupyter,
        every(
          240,
          Number.POSITIVE_INFINITY,
          (i) => `prompt ${i + 1} done in ${between(31, 58, seed, id, i)} s`,
        ),
      ]
    case 'data-loading':
      return [every(20, Number.POSITIVE_INFINITY, (i) => `shard ${i + 1} of 4096 tokenised`)]
    case 'cpu-only':
      return [every(30, Number.POSITIVE_INFINITY, (i) => `batch ${i + 1} written`)]
  }
}
