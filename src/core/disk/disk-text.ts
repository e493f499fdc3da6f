import { formatBytes, formatDuration } from '../base/text/format'
import { HOUR_MS, MINUTE_MS } from '../base/time/time'
import type { PodDisk, UnreadDisk } from './disk-reading'

const names = { container: 'container disk', volume: 'volume', 'network-volume': 'network volume' } as const

/** "volume /workspace"; a container disk has no path that helps. */
export const diskName = ({ kind, path }: Pick<PodDisk, 'kind' | 'path'>): string =>
  kind === 'container' ? names[kind] : `${names[kind]} ${path}`

/** The same at the beginning of a line. */
export const diskTitle = (disk: Pick<PodDisk, 'kind' | 'path'>): string => {
  const name = diskName(disk)
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`
}

/** Never "100%" of a disk with space left. */
export const sharePercent = (share: number): number =>
  share >= 1 ? 100 : Math.min(99, Math.floor(share * 100))

/** "41 GB of 50 GB used". */
export const usedText = (usedBytes: number, freeBytes: number): string =>
  `${formatBytes(usedBytes)} of ${formatBytes(usedBytes + freeBytes)} used`

/** "3 h": a forecast is no more exact than that. */
export function aboutText(ms: number): string {
  const step = ms < HOUR_MS ? 5 * MINUTE_MS : ms < 3 * HOUR_MS ? 30 * MINUTE_MS : HOUR_MS
  return formatDuration(Math.max(step, Math.round(ms / step) * step))
}

/** "Full in about 3 h at this rate". */
export const forecastText = (ms: number): string => `Full in about ${aboutText(ms)} at this rate`

/** Longer forecasts are not shown, ms. */
export const MAX_FORECAST_MS = 48 * HOUR_MS

export function unreadText({ kind, why }: UnreadDisk): string {
  if (why === 'not-mounted') return 'Not mounted in the pod'
  if (why === 'no-answer') return 'The pod doesn’t say how full it is'
  return kind === 'network-volume'
    ? `The pod shows the storage of the whole data center. Measure its folders to see what is used`
    : `The pod shows another disk than its own`
}
