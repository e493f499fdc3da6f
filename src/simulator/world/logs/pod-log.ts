import { between } from '../seeded-random'
import { diedAtMs } from '../container'
import type { PodRecord } from '../pod-record'
import { linesBetween, type LogSeries, nextLineAtMs, type SimulatedLogLine, singleLine } from './log-series'
import { failedPullSeries, pullSeries } from './pull-log'
import { TRAIN_LINE_S, trainLine } from './train-log'

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
