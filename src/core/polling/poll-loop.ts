import type { Clock } from '../base/clock'
import { MINUTE_MS, SECOND_MS } from '../base/time'
import { listen, newSilence } from './watchdog'

export interface Turn {
  /** False once a sleep or a restart of the loop came between: what the turn asked for is too old. */
  readonly isCurrent: () => boolean
  /** Something was answered: a turn may be long, but not silent. */
  readonly stir: () => void
}

export interface TurnLoopOptions {
  readonly clock: Clock
  readonly turn: (turn: Turn) => Promise<void>
  /** Milliseconds until the next turn, asked after each; null: none by itself. */
  readonly nextDelayMs: () => number | null
  /** A turn threw. */
  readonly onError: (cause: unknown) => void
  /** After every turn, whatever became of it. */
  readonly onTurnEnd: () => void
  /** The loop was found dead and begins anew. `silentMs`: how long nothing had stirred. */
  readonly onRevival: (silentMs: number) => void
  /** What else went wrong; must not throw. */
  readonly report: (what: string, cause: unknown) => void
  /** 0 ≤ random < 1. */
  readonly random: () => number
}

/** One turn after the other: the next is scheduled when the last one ended, and nothing that throws ends the loop. */
export interface TurnLoop {
  start(): void
  /** Ends it for good. */
  dispose(): void
  isDisposed(): boolean
  /** Asks for a turn now; during one, for another after it. */
  readonly refresh: () => void
  /** Unix ms of the next turn, as far as one is planned. */
  nextAtMs(): number
  /** True when it was running until now. */
  suspend(): boolean
  /** True when it was asleep until now. */
  resume(): boolean
  /** The screen was unlocked: a turn soon, unless one is under way. */
  readonly wake: () => void
  /** To be called every `WATCH_EVERY_MS` by a timer that is not the loop's: begins anew a loop that died. */
  readonly look: () => void
}

export const WATCH_EVERY_MS = 15 * SECOND_MS
/** A single read may take 20 s, with a second one behind it. */
const MIN_SILENCE_MS = MINUTE_MS
/** Product rule of the watchdog: the last sign of life is older than three intervals. */
const SILENT_INTERVALS = 3
/** When not even the delay could be found out. */
const FALLBACK_DELAY_MS = MINUTE_MS

export function createTurnLoop(options: TurnLoopOptions): TurnLoop {
  const { clock, random } = options
  let state: 'new' | 'running' | 'asleep' | 'disposed' = 'new'
  /** Rises with every sleep and every revival. */
  let epoch = 0
  let turns = 0
  let turnUnderWay: number | null = null
  let isTurnWanted = false
  let isPlanned = false
  let cancelNext = (): void => {}
  let nextAtMs = clock.now().wallMs
  let intervalMs: number | null = null
  let signs = 0
  let silence = newSilence(clock.now())

  function safely(what: string, attempt: () => void): void {
    try {
      attempt()
    } catch (cause) {
      options.report(what, cause)
    }
  }

  function stir(): void {
    signs += 1
  }

  async function run(): Promise<void> {
    if (state !== 'running') return
    if (turnUnderWay !== null) {
      isTurnWanted = true
      return
    }
    turns += 1
    const [turn, startedIn] = [turns, epoch]
    turnUnderWay = turn
    isTurnWanted = false
    plan(null)
    stir()
    const isCurrent = (): boolean => state === 'running' && epoch === startedIn
    try {
      await options.turn({ isCurrent, stir })
    } catch (cause) {
      if (turnUnderWay === turn) safely('A turn failed, and so did saying it', () => options.onError(cause))
    }
    // Given up meanwhile: another one is under way in its place.
    if (turnUnderWay !== turn) return
    turnUnderWay = null
    stir()
    if (isCurrent() || isTurnWanted) scheduleNext()
    safely('The end of a turn could not be told', options.onTurnEnd)
  }

  function plan(delayMs: number | null): void {
    cancelNext()
    cancelNext = () => {}
    isPlanned = false
    if (delayMs === null) return
    cancelNext = clock.schedule(delayMs, () => {
      isPlanned = false
      void run()
    })
    isPlanned = true
  }

  function scheduleNext(): void {
    if (state !== 'running') return
    let delayMs: number | null = FALLBACK_DELAY_MS
    safely('The time of the next turn could not be found', () => {
      delayMs = isTurnWanted ? 0 : options.nextDelayMs()
    })
    if (delayMs === null || delayMs > 0) intervalMs = delayMs
    nextAtMs = clock.now().wallMs + (delayMs ?? 0)
    safely('The next turn could not be planned', () => plan(delayMs))
  }

  function revive(): void {
    const { ms } = silence
    epoch += 1
    turnUnderWay = null
    stir()
    safely('A revival could not be told', () => options.onRevival(ms))
    void run()
  }

  /** The network needs a moment after a sleep; a little chance keeps many machines apart. */
  function runSoon(): void {
    plan(SECOND_MS * (1 + 2 * random()))
  }

  return {
    start() {
      if (state !== 'new') return
      state = 'running'
      void run()
    },
    dispose() {
      state = 'disposed'
      plan(null)
    },
    isDisposed: () => state === 'disposed',
    refresh() {
      void run()
    },
    nextAtMs: () => nextAtMs,
    suspend() {
      if (state !== 'running') return false
      state = 'asleep'
      epoch += 1
      plan(null)
      return true
    },
    resume() {
      if (state !== 'asleep') return false
      state = 'running'
      runSoon()
      return true
    },
    wake() {
      if (state === 'running' && turnUnderWay === null && intervalMs !== null) runSoon()
    },
    look() {
      // Asleep, nothing has to stir.
      if (state !== 'running') stir()
      silence = listen(silence, signs, clock.now(), WATCH_EVERY_MS)
      if (state !== 'running') return
      const isWaiting = turnUnderWay === null
      // A refused key is not asked again by itself.
      if (isWaiting && intervalMs === null) return
      const limitMs = Math.max(SILENT_INTERVALS * (intervalMs ?? 0), MIN_SILENCE_MS)
      if ((isWaiting && !isPlanned) || silence.ms > limitMs) revive()
    },
  }
}
