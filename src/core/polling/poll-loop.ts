import type { Clock } from '../base/time/clock'
import { elapsedMs, type Instant, MINUTE_MS, SECOND_MS } from '../base/time/time'
import type { PollSlot } from './poll-spread'

export interface Poll {
  /** False after a sleep or a restart of the loop, when the results of this poll are outdated. */
  readonly isCurrent: () => boolean
  /** Called on every reply. A poll may take long but must show progress. */
  readonly heartbeat: () => void
}

export interface PollLoopOptions {
  readonly clock: Clock
  /** Resolves with whether it succeeded. */
  readonly poll: (poll: Poll) => Promise<boolean>
  /** Milliseconds until the next poll, called after each poll. */
  readonly nextDelayMs: () => number
  /** Called when a poll throws. */
  readonly onError: (cause: unknown) => void
  /** Called after every poll, whatever its result. */
  readonly onPollEnd: () => void
  /** Called when the loop was stuck and restarts. `silentMs`: time since the last heartbeat. */
  readonly onRestart: (silentMs: number) => void
  /** Reports other errors; must not throw. */
  readonly report: (what: string, cause: unknown) => void
  /** 0 ≤ random < 1. */
  readonly random: () => number
  /** Its place among the polls of other accounts. Polls that are asked for are not delayed. */
  readonly slot?: PollSlot
}

/**
 * Runs polls one after the other. The next is scheduled when the previous one ended, and no exception ends
 * the loop.
 */
export interface PollLoop {
  start(): void
  /** Stops permanently. */
  dispose(): void
  isDisposed(): boolean
  /** Requests a poll now; during a poll, another one after it. */
  readonly refresh: () => void
  /** Unix ms of the next poll. */
  nextPollAtMs(): number
  /** Returns true if it was running. */
  suspend(): boolean
  /** Returns true if it was suspended. */
  resume(): boolean
  /** The screen was unlocked, or the network changed: polls soon, unless a poll is in progress. */
  readonly wake: () => void
  /**
   * Must be called every `WATCHDOG_INTERVAL_MS` by a timer that is independent of the loop. Restarts a stuck
   * loop.
   */
  readonly checkWatchdog: () => void
  readonly progress: () => PollProgress
}

/** Whether polls end. */
export interface PollProgress {
  /** Polls that ended since the start, whatever their result. */
  readonly ended: number
  /** Those that failed. */
  readonly failed: number
  /** Since the last one ended, or since the start or a sleep, ms. */
  readonly silentMs: number
  /** A longer silence is a poll that is stuck, ms. */
  readonly limitMs: number
}

export const WATCHDOG_INTERVAL_MS = 20 * SECOND_MS
/** A single read may take 20 s, and another one may follow it. */
const MIN_SILENCE_MS = MINUTE_MS
/**
 * The loop counts as stuck after this many intervals without a heartbeat. See
 * docs/quality.md#7-processes-and-recovery.
 */
const SILENT_INTERVALS = 3
/** For polls that read many pods one by one. */
const MIN_PROGRESS_MS = 5 * MINUTE_MS
/** Used when the delay cannot be determined. */
const FALLBACK_DELAY_MS = MINUTE_MS

export function createPollLoop(options: PollLoopOptions): PollLoop {
  const { clock, random, slot } = options
  let state: 'new' | 'running' | 'suspended' | 'disposed' = 'new'
  /** Increases with every suspend and every restart. */
  let epoch = 0
  let pollCount = 0
  let currentPoll: number | null = null
  let isPollRequested = false
  let isScheduled = false
  let cancelNext = (): void => {}
  let nextAtMs = clock.now().wallMs
  let intervalMs = 0
  let heartbeats = 0
  let ended = 0
  let failed = 0
  let endedAt = clock.now()
  let watchdog = newWatchdogState(clock.now())

  function runSafely(what: string, attempt: () => void): void {
    try {
      attempt()
    } catch (cause) {
      options.report(what, cause)
    }
  }

  function heartbeat(): void {
    heartbeats += 1
  }

  async function run(): Promise<void> {
    if (state !== 'running') return
    if (currentPoll !== null) {
      isPollRequested = true
      return
    }
    pollCount += 1
    const [poll, startEpoch] = [pollCount, epoch]
    currentPoll = poll
    isPollRequested = false
    schedule(null)
    heartbeat()
    const isCurrent = (): boolean => state === 'running' && epoch === startEpoch
    try {
      if (!(await options.poll({ isCurrent, heartbeat }))) failed += 1
    } catch (cause) {
      failed += 1
      if (currentPoll === poll)
        runSafely('A poll failed, and so did reporting it', () => options.onError(cause))
    }
    // This poll was abandoned, and another one runs in its place.
    if (currentPoll !== poll) return
    currentPoll = null
    ended += 1
    endedAt = clock.now()
    heartbeat()
    if (isCurrent() || isPollRequested) scheduleNext()
    runSafely('The end of a poll could not be reported', options.onPollEnd)
  }

  function schedule(delayMs: number | null): void {
    cancelNext()
    cancelNext = () => {}
    isScheduled = false
    if (delayMs === null) return
    cancelNext = clock.schedule(delayMs, () => {
      isScheduled = false
      void run()
    })
    isScheduled = true
  }

  function scheduleNext(): void {
    if (state !== 'running') return
    let delayMs = FALLBACK_DELAY_MS
    runSafely('The time of the next poll could not be determined', () => {
      delayMs = isPollRequested ? 0 : spread(options.nextDelayMs())
    })
    if (delayMs > 0) intervalMs = delayMs
    nextAtMs = clock.now().wallMs + delayMs
    runSafely('The next poll could not be scheduled', () => schedule(delayMs))
  }

  const spread = (delayMs: number): number => slot?.nextDelayMs(delayMs) ?? delayMs

  function restart(): void {
    const { silentMs } = watchdog
    epoch += 1
    currentPoll = null
    heartbeat()
    runSafely('A restart of polling could not be reported', () => options.onRestart(silentMs))
    void run()
  }

  /** The network needs a moment after a sleep. Jitter spreads the requests of many machines. */
  function runSoon(): void {
    schedule(spread(SECOND_MS * (1 + 2 * random())))
  }

  return {
    start() {
      if (state !== 'new') return
      state = 'running'
      const delayMs = slot?.firstDelayMs() ?? 0
      if (delayMs > 0) schedule(delayMs)
      else void run()
    },
    dispose() {
      state = 'disposed'
      schedule(null)
      slot?.release()
    },
    isDisposed: () => state === 'disposed',
    refresh() {
      void run()
    },
    nextPollAtMs: () => nextAtMs,
    progress: () => ({
      ended,
      failed,
      silentMs: state === 'suspended' ? 0 : elapsedMs(endedAt, clock.now()),
      limitMs: Math.max(SILENT_INTERVALS * intervalMs, MIN_PROGRESS_MS),
    }),
    suspend() {
      if (state !== 'running') return false
      state = 'suspended'
      epoch += 1
      schedule(null)
      return true
    },
    resume() {
      if (state !== 'suspended') return false
      state = 'running'
      endedAt = clock.now()
      runSoon()
      return true
    },
    wake() {
      if (state === 'running' && currentPoll === null) runSoon()
    },
    checkWatchdog() {
      // No heartbeats are expected while suspended.
      if (state !== 'running') heartbeat()
      watchdog = checkHeartbeats(watchdog, heartbeats, clock.now(), WATCHDOG_INTERVAL_MS)
      if (state !== 'running') return
      const isWaiting = currentPoll === null
      const limitMs = Math.max(SILENT_INTERVALS * intervalMs, MIN_SILENCE_MS)
      if ((isWaiting && !isScheduled) || watchdog.silentMs > limitMs) restart()
    },
  }
}

/** Tracks how long a component has been without a heartbeat. */
interface WatchdogState {
  /** The number of heartbeats at the last check. */
  readonly heartbeats: number
  readonly checkedAt: Instant
  readonly silentMs: number
}

const newWatchdogState = (now: Instant): WatchdogState => ({
  heartbeats: 0,
  checkedAt: now,
  silentMs: 0,
})

/**
 * The state after another check, which should happen every `everyMs`. Only watched time counts: a late check
 * (after a sleep or a clock change) adds at most two intervals.
 */
function checkHeartbeats(
  before: WatchdogState,
  heartbeats: number,
  now: Instant,
  everyMs: number,
): WatchdogState {
  if (heartbeats !== before.heartbeats) return { heartbeats, checkedAt: now, silentMs: 0 }
  const sinceMs = Math.min(elapsedMs(before.checkedAt, now), 2 * everyMs)
  return { heartbeats, checkedAt: now, silentMs: before.silentMs + sinceMs }
}
