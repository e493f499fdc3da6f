import { type PendingAlert, unjudgedEpisode } from '../alerts/alert'
import { formatBytes } from '../base/text/format'
import { HOUR_MS } from '../base/time/time'
import type { AccountId, Pod } from '../pods/pod'
import { shortName } from '../pods/pod-name'
import { usedShare } from './disk-reading'
import { aboutText, diskName, diskTitle, forecastText, sharePercent } from './disk-text'
import type { DiskView, PodDisksView } from './disk-watch'

/** Used shares that are alerted about. */
export const FULL_SHARE = 0.95
export const NEARLY_FULL_SHARE = 0.85
/** A disk that will be full within this is alerted about, ms. */
export const SOON_MS = 3 * HOUR_MS

/**
 * The alerts about the disks of a pod: of each disk at most one, once per run, level and day. See
 * docs/product-rules.md#105-disk-space.
 */
export function diskAlerts(
  accountId: AccountId,
  pod: Pod,
  { disks }: PodDisksView,
  nowMs: number,
): readonly PendingAlert[] {
  const run = String(pod.startedAtMs ?? pod.createdAtMs ?? 'unknown')
  return disks.flatMap((disk): PendingAlert[] => {
    const level = diskLevel(disk)
    if (level === null) return []
    const episode = unjudgedEpisode(`${run}:${disk.path}:${level}`, nowMs)
    return [
      {
        key: { kind: 'disk-full', accountId, podId: pod.id, episode },
        podName: pod.name,
        tone: level === 'full' ? 'bad' : 'warning',
        isCritical: level === 'full',
        buttons: [],
        ...alertText(shortName(pod.name, 60), disk),
      },
    ]
  })
}

/** How full a disk is, as far as that matters; null: it isn't. */
export function diskLevel(disk: DiskView): 'full' | 'nearly-full' | 'soon' | null {
  const share = usedShare(disk)
  if (share >= FULL_SHARE) return 'full'
  if (share >= NEARLY_FULL_SHARE) return 'nearly-full'
  return disk.fullInMs !== null && disk.fullInMs <= SOON_MS ? 'soon' : null
}

/** "Container disk 96% full"; null: it isn't. */
export function diskRemark(disk: DiskView): string | null {
  const level = diskLevel(disk)
  if (level === null) return null
  const { fullInMs } = disk
  const forecast =
    fullInMs !== null && fullInMs <= SOON_MS && level !== 'full' ? forecastText(fullInMs) : null
  return `${diskTitle(disk)} ${sharePercent(usedShare(disk))}% full${forecast === null ? '' : `. ${forecast}`}`
}

function alertText(name: string, disk: DiskView): { readonly title: string; readonly body: string } {
  const percent = sharePercent(usedShare(disk))
  const { fullInMs } = disk
  const isSoon = fullInMs !== null && fullInMs <= SOON_MS
  const title =
    isSoon && usedShare(disk) < FULL_SHARE
      ? `The ${diskName(disk)} of ${name} is full in about ${aboutText(fullInMs)}`
      : `The ${diskName(disk)} of ${name} is ${percent}% full`
  const free = `${formatBytes(disk.freeBytes)} free${isSoon ? ` (${percent}% used), growing` : ''}.`
  return { title, body: `${free} ${adviceOf(disk)}` }
}

const adviceOf = ({ kind }: DiskView): string =>
  kind === 'container'
    ? 'What doesn’t fit is lost. Move files to a volume, or delete some.'
    : 'What doesn’t fit is lost. Delete files, or enlarge the volume.'
