import { elapsedMs, type Instant, MINUTE_MS, SECOND_MS } from '../base/time/time'
import { UPTIME_TOLERANCE_S } from '../pods/confirmed-uptime'

/*
 * Whether the container of a running pod died: its uptime was negative or fell three times within 10 min, or its
 * figures and its ports were gone for 10 min. One lookup that timed out is neither.
 */

export interface ContainerDeath {
  /** `restarts`: by its uptime. `gone`: its figures and ports are gone. */
  readonly why: 'restarts' | 'gone'
  /** When that began to be observed. */
  readonly since: Instant
}

/** Figures and ports that were seen and no longer are. */
export interface Loss {
  readonly at: Instant
  /** Observed time, ms. */
  readonly forMs: number
  /** Other pods lost theirs at the same time, so it says something of the API and nothing of the container. */
  readonly isShared: boolean
}

export interface DeathWatch {
  /** The highest uptime since the last new beginning; null: unknown, or it is negative. */
  readonly uptime: { readonly seconds: number; readonly at: Instant } | null
  /** When the uptime was found negative or lower than before, within the last 10 min. */
  readonly endings: readonly Instant[]
  /** The negative uptime that was counted last; null: none was since the last new start of the container. */
  readonly negativeS: number | null
  /** Observed time with an uptime since the last of `endings`, ms. */
  readonly aliveMs: number
  readonly hadFigures: boolean
  readonly hadPorts: boolean
  readonly loss: Loss | null
  readonly died: ContainerDeath | null
}

export interface LifeSigns {
  readonly at: Instant
  /** Observed time since the reading before, ms; null after a gap. */
  readonly passedMs: number | null
  readonly uptimeS: number | null
  readonly hasFigures: boolean
  readonly hasPorts: boolean
}

export const emptyDeathWatch: DeathWatch = {
  uptime: null,
  endings: [],
  negativeS: null,
  aliveMs: 0,
  hadFigures: false,
  hadPorts: false,
  loss: null,
  died: null,
}

/** So many endings within so long mean that the container died, and so long without any that it lives again. */
const ENDINGS = 3
const ENDINGS_MS = 10 * MINUTE_MS
/** A negative uptime that lasts is counted so often, so that a slow start is not called dead at once. */
const NEGATIVE_EVERY_MS = MINUTE_MS
/** The same one again may be a figure that was not refreshed since. */
const SAME_NEGATIVE_EVERY_MS = 4 * MINUTE_MS
export const GONE_MS = 10 * MINUTE_MS

export function updateDeathWatch(watch: DeathWatch, signs: LifeSigns): DeathWatch {
  const { at, passedMs, uptimeS, hasFigures, hasPorts } = signs
  const ending = endingOf(watch, signs)
  const recent = watch.endings.filter((ended) => elapsedMs(ended, at) <= ENDINGS_MS)
  const endings = ending ? [...recent, at] : recent
  const isAlive = uptimeS !== null && uptimeS > 0
  const aliveMs =
    ending || (uptimeS !== null && uptimeS < 0) ? 0 : watch.aliveMs + (isAlive ? (passedMs ?? 0) : 0)
  const loss = updateLoss(watch, signs)
  const next = {
    uptime: updateUptime(watch, signs, ending),
    endings,
    negativeS: uptimeS === null ? watch.negativeS : uptimeS >= 0 ? null : ending ? uptimeS : watch.negativeS,
    aliveMs,
    hadFigures: watch.hadFigures || hasFigures,
    hadPorts: watch.hadPorts || hasPorts,
    loss,
  }
  return { ...next, died: diedOf(watch.died, next, hasFigures || hasPorts) }
}

function endingOf({ uptime, endings, negativeS }: DeathWatch, { at, uptimeS }: LifeSigns): boolean {
  if (uptimeS === null) return false
  if (uptimeS < 0) {
    const last = endings.at(-1)
    const everyMs = uptimeS === negativeS ? SAME_NEGATIVE_EVERY_MS : NEGATIVE_EVERY_MS
    return last === undefined || elapsedMs(last, at) >= everyMs
  }
  return isNewBeginning(uptime, at, uptimeS)
}

/** A replica that lags behind shows a lower uptime, too, but one that is older than what passed since. */
function isNewBeginning(uptime: DeathWatch['uptime'], at: Instant, uptimeS: number): boolean {
  if (uptime === null || uptimeS >= uptime.seconds - UPTIME_TOLERANCE_S) return false
  return uptimeS <= elapsedMs(uptime.at, at) / SECOND_MS + UPTIME_TOLERANCE_S
}

function updateUptime(
  { uptime }: DeathWatch,
  { at, uptimeS }: LifeSigns,
  isEnding: boolean,
): DeathWatch['uptime'] {
  if (uptimeS === null) return uptime
  // Its next uptime is then no second ending.
  if (uptimeS < 0) return null
  return isEnding || uptime === null || uptimeS > uptime.seconds ? { seconds: uptimeS, at } : uptime
}

/** Only what was seen can be lost. */
function updateLoss(watch: DeathWatch, { at, passedMs, hasFigures, hasPorts }: LifeSigns): Loss | null {
  if (hasFigures || hasPorts || !(watch.hadFigures || watch.hadPorts)) return null
  const { loss } = watch
  if (loss === null) return { at, forMs: 0, isShared: false }
  // What was found out before a gap still holds, but its time counts from now on.
  return { ...loss, forMs: passedMs === null ? 0 : loss.forMs + passedMs }
}

function diedOf(
  died: ContainerDeath | null,
  { endings, aliveMs, loss, hadFigures, hadPorts }: Omit<DeathWatch, 'died'>,
  showsSomething: boolean,
): ContainerDeath | null {
  if (died !== null) {
    const lives = died.why === 'gone' ? showsSomething : aliveMs >= ENDINGS_MS
    if (!lives) return died
  }
  const [first] = endings
  if (first !== undefined && endings.length >= ENDINGS) return { why: 'restarts', since: first }
  // Figures alone may be missing for reasons of their own, so both were there before.
  const isGone = loss !== null && !loss.isShared && hadFigures && hadPorts && loss.forMs >= GONE_MS
  return isGone ? { why: 'gone', since: loss.at } : null
}
