import type { Clock } from '../base/time/clock'
import { elapsedMs, type Instant, MINUTE_MS, SECOND_MS } from '../base/time/time'
import type { Pod, PodId, SshEndpoint } from '../pods/pod'
import type { Provider } from '../pods/provider'
import { type LogReader, type LogReaderState, openLogReader } from './log-reader'
import type { LogLine } from './log-line'
import { type PodProgress, podProgress, type SshReachability } from './pod-progress'
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
}

/** Follows pods from when they are seen creating until they can be used. */
export interface ProgressTracker {
  /** Called with all pods of the account after each poll. */
  onPods(pods: readonly TrackedPod[]): void
  /** Null unless it is on its way, or its log can't be read at all. */
  progressOf(podId: PodId): PodProgress | null
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
  runningSince: Instant | null
  usableSince: Instant | null
  ssh: SshReachability
  isTrying: boolean
  pod: Pod
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

  function track({ pod, creating }: TrackedPod): Tracked {
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
      runningSince: null,
      usableSince: null,
      ssh: 'unknown',
      isTrying: false,
      pod,
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
    if (one.quietSince !== null) one.quietSince = clock.now()
    changed()
  }

  function onState(one: Tracked, state: LogReaderState): void {
    const now = clock.now()
    if (state.kind === 'live') {
      const wasUnreadLong = one.unreadSince !== null && longestMs(one.unreadSince, now) > UNREAD_MS
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

  function update(one: Tracked, seen: TrackedPod, now: Instant): void {
    one.pod = seen.pod
    if (seen.pod.phase !== 'running') {
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
    const { usableSince, runningSince } = one
    if (usableSince !== null) return elapsedMs(usableSince, now) >= USABLE_SHOWN_MS
    if (runningSince === null || progress(one, now).problem !== null) return false
    return elapsedMs(runningSince, now) >= WAIT_FOR_SSH_MS
  }

  const progress = (one: Tracked, now: Instant): PodProgress =>
    podProgress({
      pod: one.pod,
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
        if (pod.phase === 'creating' && creating !== null) {
          // It was up, and creates again.
          if (before !== undefined && before.runningSince !== null) forget(pod.id)
          if (!tracked.has(pod.id)) tracked.set(pod.id, track(seen))
        } else if (before === undefined && isJustStarted(pod, now.wallMs)) tracked.set(pod.id, track(seen))
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
    dispose() {
      isDisposed = true
      cancelChange?.()
      for (const podId of tracked.keys()) forget(podId)
    },
  }
}

const addressOf = ({ host, port }: SshEndpoint): string => `${host}:${port}`

/** By the clock that went on longer, because one of them may stop while the machine sleeps. */
const longestMs = (from: Instant, to: Instant): number =>
  Math.max(elapsedMs(from, to), to.wallMs - from.wallMs)
