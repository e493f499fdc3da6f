import type { Clock } from '../base/clock'
import { MINUTE_MS, SECOND_MS } from '../base/time'
import { checkHeartbeats, newWatchdogState } from './watchdog'

export interface Poll {
  /** False once a sleep or a restart of the loop came between: what the turn asked for is too old. */
  readonly isCurrent: () => boolean
  /** Something was answered: a turn may be long, but not silent. */
  readonly heartbeat: () => void
}

export interface PollLoopOptions {
  readonly clock: Clock
  readonly poll: (poll: Poll) => Promise<void>
  /** Milliseconds until the next turn, asked after each; null: none by itself. */
  readonly nextDelayMs: () => number | null
  /** A turn threw. */
  readonly onError: (cause: unknown) => void
  /** After every turn, whatever became of it. */
  readonly onPollEnd: () => void
  /** The loop was found dead and begins anew. `silentMs`: how long nothing had stirred. */
  readonly onRestart: (silentMs: number) => void
  /** What else went wrong; must not throw. */
  readonly report: (what: string, cause: unknown) => void
  /** 0 ≤ random < 1. */
  readonly random: () => number
}

/** One turn after the other: the next is scheduled when the last one ended, and nothing that throws ends the loop. */
export interface PollLoop {
  start(): void
  /** Ends it for good. */
  dispose(): void
  isDisposed(): boolean
  /** Asks for a turn now; during one, for another after it. */
  readonly refresh: () => void
  /** Unix ms of the next turn, as far as one is planned. */
  nextPollAtMs(): number
  /** True when it was running until now. */
  suspend(): boolean
  /** True when it was suspended until now. */
  resume(): boolean
  /** The screen was unlocked: a turn soon, unless one is under way. */
  readonly wake: () => void
  /** To be called every `WATCH_EVERY_MS` by a timer that is not the loop's: begins anew a loop that died. */
  readonly checkWatchdog: () => void
}

export const WATCHDOG_INTERVAL_MS = 15 * SECOND_MS
/** A single read may take 20 s, with a second one behind it. */
const MIN_SILENCE_MS = MINUTE_MS
/** Product rule of the watchdog: the last sign of life is older than three intervals. */
const SILENT_INTERVALS = 3
/** When not even the delay could be found out. */
const FALLBACK_DELAY_MS = MINUTE_MS

export function createPollLoop(options: PollLoopOptions): PollLoop {
  const { clock, random } = options
  let state: 'new' | 'running' | 'suspended' | 'disposed' = 'new'
  /** Rises with every sleep and every revival. */
  let epoch = 0
  let pollCount = 0
  let currentPoll: number | null = null
  let isPollRequested = false
  let isScheduled = false
  let cancelNext = (): void => {}
  let nextAtMs = clock.now().wallMs
  let intervalMs: number | null = null
  let heartbeats = 0
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
      await options.poll({ isCurrent, heartbeat })
    } catch (cause) {
      if (currentPoll === poll) runSafely('A turn failed, and so did saying it', () => options.onError(cause))
    }
    // Given up meanwhile: another one is under way in its place.
    if (currentPoll !== poll) return
    currentPoll = null
    heartbeat()
    if (isCurrent() || isPollRequested) scheduleNext()
    runSafely('The end of a turn could not be told', options.onPollEnd)
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
    let delayMs: number | null = FALLBACK_DELAY_MS
    runSafely('The time of the next turn could not be found', () => {
      delayMs = isPollRequested ? 0 : options.nextDelayMs()
    })
    if (delayMs === null || delayMs > 0) intervalMs = delayMs
    nextAtMs = clock.now().wallMs + (delayMs ?? 0)
    runSafely('The next turn could not be planned', () => schedule(delayMs))
  }

  function restart(): void {
    const { silentMs } = watchdog
    epoch += 1
    currentPoll = null
    heartbeat()
    runSafely('A revival could not be told', () => options.onRestart(silentMs))
    void run()
  }

  /** The network needs a moment after a sleep; a little chance keeps many machines apart. */
  function runSoon(): void {
    schedule(SECOND_MS * (1 + 2 * random()))
  }

  return {
    start() {
      if (state !== 'new') return
      state = 'running'
      void run()
    },
    dispose() {
      state = 'disposed'
      schedule(null)
    },
    isDisposed: () => state === 'disposed',
    refresh() {
      void run()
    },
    nextPollAtMs: () => nextAtMs,
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
      runSoon()
      return true
    },
    wake() {
      if (state === 'running' && currentPoll === null && intervalMs !== null) runSoon()
    },
    checkWatchdog() {
      // A suspended loop sends no heartbeats.
      if (state !== 'running') heartbeat()
      watchdog = checkHeartbeats(watchdog, heartbeats, clock.now(), WATCHDOG_INTERVAL_MS)
      if (state !== 'running') return
      const isWaiting = currentPoll === null
      // A refused key is not asked again by itself.
      if (isWaiting && intervalMs === null) return
      const limitMs = Math.max(SILENT_INTERVALS * (intervalMs ?? 0), MIN_SILENCE_MS)
      if ((isWaiting && !isScheduled) || watchdog.silentMs > limitMs) restart()
    },
  }
}
