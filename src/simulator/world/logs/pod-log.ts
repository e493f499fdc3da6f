import { between } from '../seeded-random'
import { diedAtMs } from '../container'
import type { PodRecord } from '../pod-record'
import { linesBetween, type LogSeries, nextLineAtMs, type SimulatedLogLine, singleLine } from './log-series'
import { TRAIN_LINE_S, trainLine } from './train-log'

/** How often a host repeats that it still pulls an image. */
const STILL_FETCHING_MS = 15_000
const RETRY_MS = 30_000
const FAILS_AFTER_MS = 5_000

/** The layers of every image, MB. */
const LAYERS_MB = [28.6, 412.5, 96.1, 2_310, 1_244] as const

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

function systemSeries(pod: PodRecord): readonly LogSeries[] {
  const { spec, mode, requestedAtMs, machineAtMs, readyAtMs, containerStartedAtMs, offAtMs } = pod
  const endMs = offAtMs ?? Number.POSITIVE_INFINITY
  const start = singleLine('system', requestedAtMs, `create container ${spec.image}`)
  if (mode === 'image-missing') return [start, ...failedPullSeries(pod, endMs)]
  if (mode === 'stuck-creating') {
    const waits = 'waiting for a machine'
    return [start, { ...singleLine('system', machineAtMs, waits), everyMs: 60_000, endMs }]
  }
  const lines = [
    start,
    ...pullSeries(pod),
    singleLine(
      'system',
      readyAtMs,
      mode === 'error' ? `failed to start ${spec.image}: exit code 1` : 'start container',
    ),
    ...(containerStartedAtMs > readyAtMs
      ? [singleLine('system', containerStartedAtMs, 'restart container')]
      : []),
  ].map((each) => ({ ...each, endMs: Math.min(each.endMs, endMs) }))
  const crashes =
    mode === 'crash-loop' ? crashLoopSeries(pod).filter(({ source }) => source === 'system') : []
  const stop = offAtMs === null ? [] : [singleLine('system', offAtMs, 'stop container')]
  return [...lines, ...crashes, ...stop]
}

function crashLoopSeries(pod: PodRecord): readonly LogSeries[] {
  const { crashEveryS, crashUpS } = pod.spec
  const crashesAfterS = Math.max(1, crashUpS - 0.2)
  const again = (source: SimulatedLogLine['source'], afterS: number, text: string): LogSeries => ({
    source,
    firstMs: pod.readyAtMs + afterS * 1_000,
    everyMs: crashEveryS * 1_000,
    endMs: pod.offAtMs ?? Number.POSITIVE_INFINITY,
    textOf: () => text,
  })
  return [
    again('system', crashEveryS, 'start container'),
    again('container', crashesAfterS, 'Traceback (most recent call last):'),
    again('container', crashesAfterS + 0.1, "ModuleNotFoundError: No module named 'flash_attn'"),
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
  const ended = (atMs: number, text: string) => ({ ...singleLine('container', atMs, text), endMs })
  const jupyter = at(2, 'Jupyter Server is running at http://0.0.0.0:8888/lab')
  switch (mode) {
    case 'container-dead': {
      const diesMs = diedAtMs(pod)
      return [at(1, 'loading checkpoint shards'), train(diesMs), ended(diesMs, 'Killed')]
    }
    case 'training':
    case 'partial':
    case 'telemetry-missing':
      return [at(1, 'loading checkpoint shards'), train(Number.POSITIVE_INFINITY)]
    case 'idle-after': {
      const doneMs = containerStartedAtMs + spec.idleAfterMin * 60_000
      const done = ended(doneMs, 'training finished, model saved')
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

/**
 * What the system log says of the pull of an image: in Runpod's words while the pod is RUNNING, and otherwise in
 * Docker's.
 */
function pullSeries({ spec, statusWhilePulling, machineAtMs, readyAtMs }: PodRecord): readonly LogSeries[] {
  const progress = pullProgress(machineAtMs, readyAtMs, spec.image)
  if (statusWhilePulling === 'STARTING')
    return [singleLine('system', machineAtMs, `pulling image ${spec.image}`), ...progress]
  return [stillFetching(spec.image, machineAtMs, readyAtMs), ...progress]
}

/** The same of a pull that fails again and again, until `endMs`. */
function failedPullSeries(
  { spec, statusWhilePulling, machineAtMs }: PodRecord,
  endMs: number,
): readonly LogSeries[] {
  const failsAtMs = machineAtMs + FAILS_AFTER_MS
  const again = (text: string, afterMs = 0): LogSeries => ({
    ...singleLine('system', failsAtMs + afterMs, text),
    everyMs: RETRY_MS,
    endMs,
  })
  if (statusWhilePulling === 'STARTING') {
    const pull = singleLine('system', machineAtMs, `pulling image ${spec.image}`)
    return [pull, again(`failed to pull image ${spec.image}: ${spec.pullError}`)]
  }
  return [
    stillFetching(spec.image, machineAtMs, failsAtMs),
    again(`error creating container: image pull: ${spec.image}: ${spec.pullError}`),
    again(`create container ${spec.image}`, RETRY_MS - FAILS_AFTER_MS),
    again(`create container: still fetching image ${spec.image}`, RETRY_MS - FAILS_AFTER_MS + 1_000),
  ]
}

const stillFetching = (image: string, fromMs: number, endMs: number): LogSeries => ({
  source: 'system',
  firstMs: fromMs,
  everyMs: STILL_FETCHING_MS,
  endMs,
  textOf: () => `create container: still fetching image ${image}`,
})

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
