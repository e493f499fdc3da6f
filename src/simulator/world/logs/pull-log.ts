import type { PodRecord } from '../pod-record'
import { type LogSeries, singleLine } from './log-series'

/** How often a host repeats that it still pulls an image. */
const STILL_FETCHING_MS = 15_000
const RETRY_MS = 30_000
const FAILS_AFTER_MS = 5_000

/**
 * What the system log says of the pull of an image: in Runpod's words while the pod is RUNNING, and otherwise in
 * Docker's.
 */
export function pullSeries({
  spec,
  statusWhilePulling,
  machineAtMs,
  readyAtMs,
}: PodRecord): readonly LogSeries[] {
  const progress = pullProgress(machineAtMs, readyAtMs, spec.image)
  if (statusWhilePulling === 'STARTING')
    return [singleLine('system', machineAtMs, `pulling image ${spec.image}`), ...progress]
  return [stillFetching(spec.image, machineAtMs, readyAtMs), ...progress]
}

/** The same of a pull that fails again and again, until `endMs`. */
export function failedPullSeries(
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
