import type { Clock } from '../base/time/clock'
import type { PodId } from '../pods/pod'
import type { ServerTime } from '../pods/provider'
import { DAY_MS, type Instant, MINUTE_MS, SECOND_MS } from '../base/time/time'

/**
 * The time by which money is counted. It advances by the monotonic clock; the wall clock alone never moves it. See
 * docs/product-rules.md#52-spent-this-month.
 */
export interface TrustedClock {
  /** Unix ms, whole, as the files of the ledger hold it. */
  nowMs(): number
  /** The trusted time of a moment, Unix ms. A moment of an earlier process is never later than now. */
  timeOf(at: Instant): number
  /**
   * Compares the clocks after a list was received. `uptimes` are those of the pods that run, ms. `moved-back`: what was
   * booked after now is wrong.
   */
  update(uptimes: ReadonlyMap<PodId, number>): 'same' | 'moved-back'
  /**
   * Whether anything may be booked. False while the clock of the server and that of this computer disagree and the
   * server's has not been steady yet, for a minute or two after the start.
   */
  isSettled(): boolean
  /**
   * Whether it is known that it tells the time. Also false after a sleep, or a clock that was set, until a reply of the
   * server shows what passed.
   */
  isCurrent(): boolean
  /** Whether it is the server's time, or was seen to agree with it. */
  isFromServer(): boolean
  /** Whether server and computer agree on the day, so that old data may be removed. */
  isConfirmed(): boolean
}

/** A difference up to this is a slow network or a rounded second, ms. */
const SAME_MS = 30 * SECOND_MS
/** Uptimes lag by up to a poll, so they confirm a jump less exactly. */
const SAME_UPTIME_MS = 2 * MINUTE_MS
/** A server whose time alone says so is believed once this many readings over this time agree. */
const STEADY_READINGS = 3
const STEADY_MS = MINUTE_MS
/** Readings of a steady clock differ by less, ms. */
const STEADY_WITHIN_MS = 5 * SECOND_MS

/** Unix ms, or an uptime in ms, minus monotonic ms. */
type Offsets = ReadonlyMap<PodId, number>

/** The time that the server reported repeatedly, in disagreement with ours. */
interface OffsetCandidate {
  readonly offsetMs: number
  readonly sinceMs: number
  readonly readings: number
}

/**
 * `serverTime` is the latest time that the API's replies named; null when there is none. A jump is followed when the
 * server and the uptime of a running pod agree on it, or the server and the wall clock where no uptime is known, or
 * when the server says so steadily.
 */
export function createTrustedClock(
  clock: Pick<Clock, 'now'>,
  serverTime: () => ServerTime | null = () => null,
): TrustedClock {
  const start = clock.now()
  let offsetMs = start.wallMs - start.monotonicMs
  /** The wall clock's offset and those of the uptimes when they last agreed with ours. */
  let wallOffsetMs = offsetMs
  let uptimeOffsets: Offsets = new Map()
  /** The wall clock's offset at the last update. */
  let seenWallOffsetMs = offsetMs
  let candidate: OffsetCandidate | null = null
  let considered: ServerTime | null = null
  let isAnchored = false
  let isSettled = true

  const timeOf = (at: Instant): number =>
    at.runId === start.runId
      ? Math.round(offsetMs + at.monotonicMs)
      : Math.min(Math.round(at.wallMs), nowMs())

  function nowMs(): number {
    return Math.round(offsetMs + clock.now().monotonicMs)
  }

  /** The offset of a reading that was not considered yet. */
  function newServerOffset(): number | null {
    const server = serverTime()
    if (server === null || server.receivedAt.runId !== start.runId) return null
    const { monotonicMs } = server.receivedAt
    if (considered?.receivedAt.monotonicMs === monotonicMs && considered.atMs === server.atMs) return null
    considered = server
    return server.atMs - monotonicMs
  }

  function isSteady(serverOffsetMs: number, monotonicMs: number): boolean {
    const isSame = candidate !== null && Math.abs(serverOffsetMs - candidate.offsetMs) <= STEADY_WITHIN_MS
    candidate =
      candidate !== null && isSame
        ? { ...candidate, readings: candidate.readings + 1 }
        : { offsetMs: serverOffsetMs, sinceMs: monotonicMs, readings: 1 }
    return candidate.readings >= STEADY_READINGS && monotonicMs - candidate.sinceMs >= STEADY_MS
  }

  /** By how much more than the monotonic clock each pod's uptime advanced since the clocks last agreed, ms. */
  const uptimeJumpsMs = (offsets: Offsets): readonly number[] =>
    [...offsets].flatMap(([podId, now]) => {
      const before = uptimeOffsets.get(podId)
      // A lower uptime is a restart of the container and says nothing.
      return before === undefined || now - before < -SAME_UPTIME_MS ? [] : [now - before]
    })

  function moveTo(nextOffsetMs: number): 'same' | 'moved-back' {
    const isBack = nextOffsetMs < offsetMs - SAME_MS
    offsetMs = nextOffsetMs
    candidate = null
    return isBack ? 'moved-back' : 'same'
  }

  /** The offset to follow now; `agreed`: the server confirms ours. Null while there is no reason to follow another. */
  function confirmedOffset(at: Instant, offsets: Offsets): number | 'agreed' | null {
    const wallJumpMs = at.wallMs - at.monotonicMs - wallOffsetMs
    const uptimeJumps = uptimeJumpsMs(offsets)
    const serverOffsetMs = newServerOffset()
    if (serverOffsetMs === null) {
      // After a sleep, without the server's time: as far as a pod ran on meanwhile.
      const confirmed = uptimeJumps.filter(
        (jumpMs) => jumpMs > SAME_UPTIME_MS && jumpMs <= wallJumpMs + SAME_UPTIME_MS,
      )
      return confirmed.length === 0 ? null : offsetMs + Math.min(wallJumpMs, Math.max(...confirmed))
    }
    const jumpMs = serverOffsetMs - offsetMs
    if (Math.abs(jumpMs) <= SAME_MS) {
      candidate = null
      isAnchored = true
      isSettled = true
      return 'agreed'
    }
    if (!isAnchored) isSettled = false
    const isSameJump = (uptimeJumpMs: number): boolean => Math.abs(uptimeJumpMs - jumpMs) <= SAME_UPTIME_MS
    const doesWallAgree =
      Math.abs(jumpMs - wallJumpMs) <= SAME_MS ||
      Math.abs(serverOffsetMs - (at.wallMs - at.monotonicMs)) <= SAME_MS
    // A server on this computer shares the wall clock and its jumps, so an uptime decides where one is known.
    const isWitnessed = uptimeJumps.length === 0 ? doesWallAgree : uptimeJumps.some(isSameJump)
    if (!isSteady(serverOffsetMs, at.monotonicMs) && !isWitnessed) return null
    isAnchored = true
    isSettled = true
    return serverOffsetMs
  }

  /** Whether the wall clock went on as the monotonic clock since it had this offset. */
  const isWallSame = (at: Instant, sinceOffsetMs = wallOffsetMs): boolean =>
    Math.abs(at.wallMs - at.monotonicMs - sinceOffsetMs) <= SAME_MS

  /** Remembers the clocks as they are now, for the next comparison. */
  function setBaseline(at: Instant, offsets: Offsets, doClocksAgree: boolean): void {
    if (doClocksAgree) wallOffsetMs = at.wallMs - at.monotonicMs
    const known = uptimeOffsets
    uptimeOffsets = new Map(
      [...offsets].map(([podId, now]) => [
        podId,
        // A lower uptime is a restart of the container.
        doClocksAgree ? now : Math.min(now, known.get(podId) ?? now),
      ]),
    )
  }

  return {
    nowMs,
    timeOf,
    update(uptimes) {
      const at = clock.now()
      seenWallOffsetMs = at.wallMs - at.monotonicMs
      const offsets = new Map([...uptimes].map(([podId, ms]) => [podId, ms - at.monotonicMs]))
      const followed = confirmedOffset(at, offsets)
      setBaseline(at, offsets, followed !== null || (candidate === null && isWallSame(at)))
      return typeof followed === 'number' ? moveTo(followed) : 'same'
    },
    isSettled: () => isSettled,
    // Where no server names a time, a list may be all that ever shows what passed.
    isCurrent: () => isSettled && isWallSame(clock.now(), isAnchored ? wallOffsetMs : seenWallOffsetMs),
    isFromServer: () => isAnchored && isSettled,
    isConfirmed: () => isAnchored && isSettled && Math.abs(clock.now().wallMs - nowMs()) < DAY_MS,
  }
}
