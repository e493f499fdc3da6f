import type { Clock } from '../base/time/clock'
import { elapsedMs, type Instant, longestElapsedMs, MINUTE_MS, SECOND_MS } from '../base/time/time'
import type { Pod, PodId, SshEndpoint } from '../pods/pod'
import type { Provider } from '../pods/provider'
import { type LogReader, type LogReaderState, openLogReader } from './log-reader'
import type { LogLine } from './log-line'
import { type PodProgress, podProgress, type SshReachability } from './pod-progress'
import { type StartLog, startLogOf } from './start-log'
import { emptySystemLog, type SystemLog, withSystemLine } from './system-log'

/** Whether an SSH server answers there. Never rejects. */
export type ReachSsh = (endpoint: SshEndpoint) => Promise<boolean>

export interface ProgressTrackerOptions {
  readonly provider: Provider
  readonly clock: Clock
  readonly random: () => number
  readonly reachSsh: ReachSsh
  readonly onChange: () => void
}

/** A pod as it was observed, and since when it is creating. */
export interface TrackedPod {
  readonly pod: Pod
  readonly creating: { readonly sinceMs: number; readonly isAtLeast: boolean } | null
  /** Of a running pod: `starting` while no container was seen since its start, `unknown` if it can't be told. */
  readonly container?: 'starting' | 'up' | 'unknown'
}

/** Follows pods from when they are seen creating or starting until they can be used. */
export interface ProgressTracker {
  /** Called with all pods of the account after each poll. */
  onPods(pods: readonly TrackedPod[]): void
  /** Null unless it is on its way, or its log can't be read at all. */
  progressOf(podId: PodId): PodProgress | null
  /** Null: its log is not read. */
  startLogOf(podId: PodId): StartLog | null
  dispose(): void
}

/** System logs that are read at a time. */
const MAX_READERS = 3
const LOGS_ARE_LIMITED = 'The logs of other new pods are being read.'
const TAIL_LINES = 200
/** A start may have been asked for so long before it was observed. */
const BEFORE_MS = 5 * MINUTE_MS
/** How long a pod that can be used says so. */
const USABLE_SHOWN_MS = MINUTE_MS
/** A running pod without SSH may not have any. */
const WAIT_FOR_SSH_MS = 10 * MINUTE_MS
/** For a while the API shows the address of the container before, which may be another pod's by now. */
const STALE_ADDRESS_MS = 2 * MINUTE_MS
/** A running pod that started at most so long ago counts as on its way, since its start may have been missed. */
const JUST_STARTED_MS = 5 * MINUTE_MS
/** A log that wasn't read for so long may have had lines. */
const UNREAD_MS = MINUTE_MS
const CHANGE_EVERY_MS = SECOND_MS

interface Tracked {
  readonly firstLineMs: number
  readonly addressBefore: string | null
  reader: LogReader | null
  log: SystemLog
  logProblem: string | null
  /** It cannot be read, and is not tried again. */
  hasLogFailed: boolean
  /** Since when the log is read without a new line. */
  quietSince: Instant | null
  unreadSince: Instant | null
  lastLineAt: Instant | null
  /** Since when it runs with a container. */
  runningSince: Instant | null
  usableSince: Instant | null
  ssh: SshReachability
  isTrying: boolean
  pod: Pod
  container: NonNullable<TrackedPod['container']>
}

export function createProgressTracker(options: ProgressTrackerOptions): ProgressTracker {
  const { provider, clock } = options
  const tracked = new Map<PodId, Tracked>()
  /** When the start of a pod was that was followed to its end, Unix ms. */
  const followedStarts = new Map<PodId, number | null>()
  let cancelChange: (() => void) | null = null
  let isDisposed = false

  /** Many lines are one change. */
  function changed(): void {
    cancelChange ??= clock.schedule(CHANGE_EVERY_MS, () => {
      cancelChange = null
      options.onChange()
    })
  }

  function isJustStarted({ id, phase, startedAtMs }: Pod, nowMs: number): boolean {
    if (phase !== 'running' || startedAtMs === null || followedStarts.get(id) === startedAtMs) return false
    return nowMs - startedAtMs < JUST_STARTED_MS
  }

  function track({ pod, creating, container = 'up' }: TrackedPod): Tracked {
    const { startedAtMs, createdAtMs } = pod
    // Of a pod that was creating before anyone watched, only what it says after its start before counts.
    const firstLineMs =
      creating === null
        ? (startedAtMs ?? 0) - BEFORE_MS
        : creating.isAtLeast
          ? (startedAtMs ?? 0) + MINUTE_MS
          : creating.sinceMs - BEFORE_MS
    const hadContainer =
      creating === null
        ? createdAtMs === null || startedAtMs === null || startedAtMs - createdAtMs > 2 * BEFORE_MS
        : startedAtMs !== null
    return {
      firstLineMs,
      addressBefore: hadContainer && pod.ssh.direct !== null ? addressOf(pod.ssh.direct) : null,
      reader: null,
      log: emptySystemLog,
      logProblem: null,
      hasLogFailed: false,
      quietSince: null,
      unreadSince: null,
      lastLineAt: null,
      runningSince: null,
      usableSince: null,
      ssh: 'unknown',
      isTrying: false,
      pod,
      container,
    }
  }

  function openReader(one: Tracked): void {
    one.logProblem = null
    one.reader = openLogReader({
      provider,
      podId: one.pod.id,
      clock,
      random: options.random,
      source: 'system',
      tail: TAIL_LINES,
      sinceMs: one.firstLineMs > 0 ? one.firstLineMs : null,
      onLines: (lines) => onLines(one, lines),
      onState: (state) => onState(one, state),
    })
  }

  function onLines(one: Tracked, lines: readonly LogLine[]): void {
    const own = lines.filter(
      ({ source, atMs }) => source === 'system' && (atMs === null || atMs >= one.firstLineMs),
    )
    if (own.length === 0) return
    one.log = own.reduce(withSystemLine, one.log)
    one.lastLineAt = clock.now()
    if (one.quietSince !== null) one.quietSince = clock.now()
    changed()
  }

  function onState(one: Tracked, state: LogReaderState): void {
    const now = clock.now()
    if (state.kind === 'live') {
      const wasUnreadLong = one.unreadSince !== null && longestElapsedMs(one.unreadSince, now) > UNREAD_MS
      one.unreadSince = null
      if (one.quietSince === null || wasUnreadLong) one.quietSince = now
      one.logProblem = null
    } else if (state.kind === 'waiting' || state.kind === 'failed') {
      one.unreadSince = now
      one.logProblem = state.why
      if (state.why !== null) one.quietSince = null
    }
    if (state.kind === 'failed') {
      one.hasLogFailed = true
      closeReader(one)
    }
    changed()
  }

  function closeReader(one: Tracked): void {
    one.reader?.close()
    one.reader = null
  }

  function forget(podId: PodId): void {
    const one = tracked.get(podId)
    if (one === undefined) return
    closeReader(one)
    tracked.delete(podId)
    if (one.pod.phase === 'running') followedStarts.set(podId, one.pod.startedAtMs)
  }

  /** It was up and creates again, or was started again between two polls. */
  function isAnotherStart({ pod, runningSince }: Tracked, { phase, startedAtMs }: Pod): boolean {
    if (phase === 'creating') return runningSince !== null
    if (phase !== 'running' || pod.phase !== 'running') return false
    return pod.startedAtMs !== null && startedAtMs !== null && startedAtMs > pod.startedAtMs
  }

  function update(one: Tracked, seen: TrackedPod, now: Instant): void {
    one.pod = seen.pod
    one.container = seen.container ?? 'up'
    if (seen.pod.phase !== 'running' || one.container === 'starting') {
      one.runningSince = null
      return
    }
    one.runningSince ??= now
    trySsh(one, one.runningSince, now)
  }

  function trySsh(one: Tracked, runningSince: Instant, now: Instant): void {
    const { direct } = one.pod.ssh
    if (one.isTrying || one.ssh === 'reachable') return
    if (direct === null) {
      one.ssh = 'unknown'
      return
    }
    one.ssh = 'not-yet'
    const isStale = addressOf(direct) === one.addressBefore && elapsedMs(runningSince, now) < STALE_ADDRESS_MS
    if (isStale) return
    one.isTrying = true
    void options.reachSsh(direct).then((isReachable) => {
      one.isTrying = false
      if (!isReachable || one.pod.phase !== 'running') return
      one.ssh = 'reachable'
      one.usableSince = clock.now()
      closeReader(one)
      changed()
    })
  }

  function isOver(one: Tracked, now: Instant): boolean {
    const { usableSince, runningSince, container, pod } = one
    // Others may need what reads its log.
    if (pod.phase === 'running' && container === 'unknown') return true
    if (usableSince !== null) return elapsedMs(usableSince, now) >= USABLE_SHOWN_MS
    if (runningSince === null || progress(one, now).problem !== null) return false
    return elapsedMs(runningSince, now) >= WAIT_FOR_SSH_MS
  }

  const progress = (one: Tracked, now: Instant): PodProgress =>
    podProgress({
      pod: one.pod,
      hasContainer: one.container !== 'starting',
      log: one.log,
      silentMs: one.quietSince === null ? null : elapsedMs(one.quietSince, now),
      logProblem: one.logProblem,
      ssh: one.ssh,
    })

  return {
    onPods(pods) {
      if (isDisposed || provider.streamLogs === undefined) return
      const now = clock.now()
      const present = new Map(pods.map((seen) => [seen.pod.id, seen]))
      for (const seen of pods) {
        const { pod, creating } = seen
        const before = tracked.get(pod.id)
        if (before !== undefined && isAnotherStart(before, pod)) forget(pod.id)
        const isOnItsWay =
          (pod.phase === 'creating' && creating !== null) ||
          (pod.phase === 'running' && seen.container === 'starting') ||
          isJustStarted(pod, now.wallMs)
        if (isOnItsWay && !tracked.has(pod.id)) tracked.set(pod.id, track(seen))
        const one = tracked.get(pod.id)
        if (one !== undefined) update(one, seen, now)
      }
      for (const [podId, one] of tracked) {
        const phase = present.get(podId)?.pod.phase
        const isOnItsWay = phase === 'creating' || phase === 'running' || phase === 'unknown'
        if (!isOnItsWay || isOver(one, now)) forget(podId)
      }
      for (const podId of followedStarts.keys()) if (!present.has(podId)) followedStarts.delete(podId)
      let readers = [...tracked.values()].filter(({ reader }) => reader !== null).length
      for (const one of tracked.values()) {
        if (one.reader !== null || one.hasLogFailed || one.usableSince !== null) continue
        if (readers < MAX_READERS) {
          openReader(one)
          readers += 1
        } else one.logProblem = LOGS_ARE_LIMITED
      }
    },
    progressOf(podId) {
      const one = tracked.get(podId)
      return one === undefined ? null : progress(one, clock.now())
    },
    startLogOf(podId) {
      const one = tracked.get(podId)
      if (one === undefined) return null
      const lastLineAt = one.logProblem === null ? one.lastLineAt : null
      return startLogOf(one.log, one.pod.startedAtMs, lastLineAt, clock.now())
    },
    dispose() {
      isDisposed = true
      cancelChange?.()
      for (const podId of tracked.keys()) forget(podId)
    },
  }
}

const addressOf = ({ host, port }: SshEndpoint): string => `${host}:${port}`
