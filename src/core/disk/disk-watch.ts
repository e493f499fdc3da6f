import { fail, ok, type Result } from '../base/result'
import {
  clockDisagreementMs,
  DAY_MS,
  elapsedMs,
  type Instant,
  MAX_CLOCK_DISAGREEMENT_MS,
  MINUTE_MS,
  SECOND_MS,
} from '../base/time/time'
import type { AccountContext } from '../pod-rules/account-context'
import type { Pod, PodId } from '../pods/pod'
import type { Settings } from '../settings/settings'
import { type DiskPoint, fullInMs } from './disk-forecast'
import {
  type DiskReading,
  type DiskUse,
  type FolderSize,
  type PodDisk,
  type UnreadDisk,
  usedShare,
} from './disk-reading'

/** Reads the disks of pods over their trusted host keys, without asking anything. An error is a clause for display. */
export interface DiskReader {
  read(pod: Pod, disks: readonly PodDisk[]): Promise<Result<DiskReading, string>>
  folders(pod: Pod, disk: PodDisk): Promise<Result<readonly FolderSize[], string>>
}

/** A disk as last read. */
export interface DiskView extends DiskUse {
  /** Unix ms. */
  readonly atMs: number
  /** Null: it doesn't grow steadily. */
  readonly fullInMs: number | null
}

/** The disks of a running pod. */
export interface PodDisksView {
  readonly disks: readonly DiskView[]
  /** Those whose use is not known. */
  readonly unread: readonly UnreadDisk[]
  /** Why the last reading failed, as a clause; null: it didn't. */
  readonly obstacle: string | null
}

/** The use of a disk over time, for its line: the time (Unix ms) and the used share (0 to 1), oldest first. */
export interface DiskLine {
  readonly path: string
  readonly points: readonly { readonly atMs: number; readonly usedShare: number }[]
}

export interface DiskWatchContext extends Pick<AccountContext, 'clock' | 'report'> {
  readonly settings: () => Settings
  /** Absent: no disk is read. */
  readonly diskReader?: DiskReader
}

/** Reads how full the disks of running pods are. See docs/product-rules.md#105-disk-space. */
export interface DiskWatch {
  /** Called with all pods after each list; starts what readings are due. */
  readonly onPods: (pods: readonly Pod[]) => void
  /** Null: nothing is known of this run of the pod. */
  readonly viewOf: (pod: Pod) => PodDisksView | null
  /** What was read in this run of the pod, at most of the last day. */
  readonly linesOf: (pod: Pod) => readonly DiskLine[]
  /** Reads them now, on request. The error is a sentence. */
  readNow(pod: Pod): Promise<Result<PodDisksView, string>>
  /** Measures the largest folders of a disk, on request. The error is a sentence. */
  folders(pod: Pod, path: string): Promise<Result<readonly FolderSize[], string>>
  dispose(): void
}

const EVERY_MS = 10 * MINUTE_MS
/** Of a disk that may be full soon. */
const SOON_EVERY_MS = 5 * MINUTE_MS
const SOON_SHARE = 0.8
/** After this a reading says nothing any more. */
const HOLDS_MS = 30 * MINUTE_MS
/** Its SSH server starts with it. */
const FIRST_AFTER_MS = 90 * SECOND_MS
const MAX_PARALLEL = 4
const KEPT_MS = DAY_MS

interface Known {
  readonly startedAtMs: number | null
  /** When it was first seen in this run. */
  readonly seenAt: Instant
  triedAt: Instant | null
  reading: (DiskReading & { readonly at: Instant }) | null
  obstacle: string | null
  readonly points: Map<string, DiskPoint[]>
}

/** The disks that programs in the pod can fill. `sizeGbOf`: of a network volume. */
export function disksOf(pod: Pod, sizeGbOf: (volumeId: string) => number | null): readonly PodDisk[] {
  const { containerDiskGb, persistentMount, networkMounts } = pod
  return [
    { kind: 'container', path: '/', sizeGb: containerDiskGb },
    ...(persistentMount === null
      ? []
      : [{ kind: 'volume' as const, path: persistentMount.path, sizeGb: persistentMount.sizeGb }]),
    ...networkMounts.flatMap(({ volumeId, path }) =>
      path === null ? [] : [{ kind: 'network-volume' as const, path, sizeGb: sizeGbOf(volumeId) }],
    ),
  ]
}

export function createDiskWatch(
  { clock, report, settings, diskReader }: DiskWatchContext,
  sizeGbOf: (volumeId: string) => number | null,
  onChange: () => void,
): DiskWatch {
  const known = new Map<PodId, Known>()
  const reading = new Set<PodId>()
  let listed: readonly Pod[] = []
  let isDisposed = false

  function currentOf(pod: Pod): Known | null {
    const found = known.get(pod.id)
    return found !== undefined && pod.phase === 'running' && found.startedAtMs === pod.startedAtMs
      ? found
      : null
  }

  /** The last reading, while it holds. */
  function heldReading({ reading: last }: Known): Known['reading'] {
    const now = clock.now()
    const holds =
      last !== null &&
      clockDisagreementMs(last.at, now) <= MAX_CLOCK_DISAGREEMENT_MS &&
      elapsedMs(last.at, now) <= HOLDS_MS
    return holds ? last : null
  }

  /** Those that wait longest come first, so that none waits for ever. */
  function readDue(): void {
    if (diskReader === undefined || isDisposed || !settings().readsDisks) return
    const now = clock.now()
    const triedMs = (pod: Pod): number => currentOf(pod)?.triedAt?.monotonicMs ?? Number.NEGATIVE_INFINITY
    const due = listed.filter((pod) => isDue(pod, now)).sort((a, b) => triedMs(a) - triedMs(b))
    for (const pod of due.slice(0, MAX_PARALLEL - reading.size)) {
      const current = currentOf(pod)
      if (current !== null) void read(diskReader, pod, current)
    }
  }

  function isDue(pod: Pod, now: Instant): boolean {
    const current = currentOf(pod)
    if (current === null || reading.has(pod.id)) return false
    const { triedAt, seenAt, obstacle } = current
    if (triedAt === null) return elapsedMs(seenAt, now) >= FIRST_AFTER_MS
    const isSoon =
      obstacle === null &&
      (heldReading(current)?.disks.some((disk) => usedShare(disk) >= SOON_SHARE) ?? false)
    return elapsedMs(triedAt, now) >= (isSoon ? SOON_EVERY_MS : EVERY_MS)
  }

  async function read(reader: DiskReader, pod: Pod, current: Known): Promise<void> {
    current.triedAt = clock.now()
    reading.add(pod.id)
    const result = await reader.read(pod, disksOf(pod, sizeGbOf)).catch((cause: unknown) => {
      report('The disks of a pod could not be read', cause)
      return fail('the reading failed')
    })
    reading.delete(pod.id)
    if (isDisposed) return
    if (known.get(pod.id) === current) {
      if (result.ok) record(current, result.value)
      else current.obstacle = result.error
      onChange()
    }
    readDue()
  }

  function record(current: Known, result: DiskReading): void {
    const at = clock.now()
    current.reading = { ...result, at }
    current.obstacle = null
    for (const { path, usedBytes, freeBytes } of result.disks) {
      const points = current.points.get(path) ?? []
      const isOfOneTime = (point: DiskPoint): boolean =>
        clockDisagreementMs(point.at, at) <= MAX_CLOCK_DISAGREEMENT_MS && elapsedMs(point.at, at) <= KEPT_MS
      current.points.set(path, [...points.filter(isOfOneTime), { at, usedBytes, freeBytes }])
    }
  }

  function viewOf(pod: Pod): PodDisksView | null {
    const current = currentOf(pod)
    if (current === null || current.triedAt === null) return null
    const held = heldReading(current)
    const { points, obstacle } = current
    if (held === null && obstacle === null) return null
    return {
      disks: (held?.disks ?? []).map((disk) => ({
        ...disk,
        atMs: held?.at.wallMs ?? 0,
        fullInMs: fullInMs(points.get(disk.path) ?? []),
      })),
      unread: held?.unread ?? [],
      obstacle,
    }
  }

  function track({ id, startedAtMs }: Pod): Known {
    const fresh = {
      startedAtMs,
      seenAt: clock.now(),
      triedAt: null,
      reading: null,
      obstacle: null,
      points: new Map<string, DiskPoint[]>(),
    }
    known.set(id, fresh)
    return fresh
  }

  return {
    onPods(pods) {
      if (diskReader === undefined || isDisposed) return
      const running = pods.filter(({ phase }) => phase === 'running')
      const runningIds = new Set(running.map(({ id }) => id))
      for (const id of known.keys()) if (!runningIds.has(id)) known.delete(id)
      for (const pod of running) if (currentOf(pod) === null) track(pod)
      listed = running
      readDue()
    },
    viewOf,
    linesOf(pod) {
      const lines = currentOf(pod)?.points ?? new Map<string, DiskPoint[]>()
      return [...lines].map(([path, points]) => ({
        path,
        points: points.map((point) => ({ atMs: point.at.wallMs, usedShare: usedShare(point) })),
      }))
    },
    async readNow(pod) {
      const sentence = (clause: string): string =>
        `Podkeeper couldn’t read the disks of ${pod.name}: ${clause}.`
      if (diskReader === undefined) return fail(sentence('it has no SSH connection here'))
      if (pod.phase !== 'running') return fail(sentence('it is not running'))
      const current = currentOf(pod) ?? track(pod)
      if (!reading.has(pod.id)) await read(diskReader, pod, current)
      const view = viewOf(pod)
      if (view === null) return fail(sentence('they are being read'))
      return view.obstacle === null ? ok(view) : fail(sentence(view.obstacle))
    },
    async folders(pod, path) {
      const disk = disksOf(pod, sizeGbOf).find((one) => one.path === path)
      const sentence = (clause: string): string =>
        `Podkeeper couldn’t measure folders in ${pod.name}: ${clause}.`
      if (diskReader === undefined) return fail(sentence('it has no SSH connection here'))
      if (pod.phase !== 'running') return fail(sentence('it is not running'))
      if (disk === undefined) return fail(sentence('it has no disk there'))
      const result = await diskReader.folders(pod, disk)
      return result.ok ? ok(result.value) : fail(sentence(result.error))
    },
    dispose() {
      isDisposed = true
    },
  }
}
