import {
  clockDisagreementMs,
  elapsedMs,
  type Instant,
  longestElapsedMs,
  MINUTE_MS,
  SECOND_MS,
} from '../base/time/time'
import { UPTIME_TOLERANCE_S } from '../pods/confirmed-uptime'
import type { ContainerSigns } from '../pods/pod'
import type { StartLog } from '../logs/start-log'
import { type ContainerDeath, type DeathWatch, emptyDeathWatch, updateDeathWatch } from './container-death'

/*
 * Whether a running pod has a container, by what was observed since its start. RUNNING says only that the pod is paid
 * for: its image may still be on its way. See docs/product-rules.md#11-states-shown.
 */

export interface ContainerRules {
  /** Observed time after which a start takes too long, ms. */
  readonly limitMs: number
  /** A longer interval between two readings counts as a gap, ms. */
  readonly gapMs: number
  readonly clockToleranceMs: number
}

/** One reading of a running pod. */
export interface ContainerReading {
  readonly at: Instant
  readonly startedAtMs: number | null
  readonly signs: ContainerSigns
  /** It reports figures of any kind. */
  readonly hasFigures: boolean
  /** Null: nothing is known of its log. */
  readonly log: StartLog | null
  /** A look from inside, or the guard in the pod, reached it in this start. */
  readonly isSeenInside: boolean
}

/** What was observed of the container before this start. */
export interface EarlierContainer {
  /** When the pod was last seen before this start. */
  readonly seenAt: Instant
  /** The ports that it published then. */
  readonly publicPorts: readonly string[]
}

/** What was observed of a running pod since one start. */
export interface ContainerRecord {
  readonly startedAtMs: number | null
  readonly firstAt: Instant
  readonly lastAt: Instant
  /** Observed time since `firstAt`, ms: without gaps. */
  readonly observedMs: number
  /** When it started, Unix ms; null: it ran for long before it was first observed, and may have been up. */
  readonly sinceMs: number | null
  readonly earlier: EarlierContainer | null
  /** When it was first observed up; null: it never was. */
  readonly upAt: Instant | null
  /** The API showed it up, or it was reached. */
  readonly isShown: boolean
  /** The ports that it published last. */
  readonly publicPorts: readonly string[]
  readonly log: StartLog | null
  readonly death: DeathWatch
}

export type ContainerState =
  /** `isOverdue`: for longer than the limit. `forMs`: observed time. */
  | {
      readonly kind: 'starting'
      readonly sinceMs: number
      readonly forMs: number
      readonly isOverdue: boolean
    }
  /** `isShown`: the API showed it, or it was reached. Otherwise only its log says so. */
  | { readonly kind: 'up'; readonly upAt: Instant; readonly isShown: boolean }
  | { readonly kind: 'died'; readonly death: ContainerDeath }
  /** Nothing was seen for so long that it can't be told. `isStartKnown`: it was observed from its start on. */
  | { readonly kind: 'unknown'; readonly isStartKnown: boolean; readonly forMs: number }
  /** It ran before it was first observed, and nothing was seen of it yet, which means nothing yet. */
  | { readonly kind: 'not-seen' }

/** For a while the API shows what it showed of the container before. */
const STALE_MS = 2 * MINUTE_MS

/** The record of a start, from the first reading of it. `sinceMs`: see `ContainerRecord`. */
export function newContainerRecord(
  reading: ContainerReading,
  sinceMs: number | null,
  earlier: EarlierContainer | null,
): ContainerRecord {
  const { at, startedAtMs } = reading
  const record: ContainerRecord = {
    startedAtMs,
    firstAt: at,
    lastAt: at,
    observedMs: 0,
    sinceMs,
    earlier,
    upAt: null,
    isShown: false,
    publicPorts: [],
    log: null,
    death: emptyDeathWatch,
  }
  return withReading(record, reading, null)
}

/** The record after one more reading of the same start. */
export function nextContainerRecord(
  record: ContainerRecord,
  reading: ContainerReading,
  rules: ContainerRules,
): ContainerRecord {
  const isGap = isContainerGap(record.lastAt, reading.at, rules)
  return withReading(record, reading, isGap ? null : elapsedMs(record.lastAt, reading.at))
}

/** `passedMs`: observed time since the last reading; null after a gap, and for the first one. */
function withReading(
  record: ContainerRecord,
  reading: ContainerReading,
  passedMs: number | null,
): ContainerRecord {
  const { at, signs, hasFigures, log, isSeenInside } = reading
  const own = signsOfThisStart(record, reading)
  const isShown = own.isRunning || own.publicPorts.length > 0 || isSeenInside
  const isUp = isShown || log?.isStarted === true
  return {
    ...record,
    startedAtMs: reading.startedAtMs ?? record.startedAtMs,
    lastAt: at,
    observedMs: record.observedMs + (passedMs ?? 0),
    upAt: record.upAt ?? (isUp ? at : null),
    isShown: record.isShown || isShown,
    publicPorts: signs.publicPorts.length > 0 ? signs.publicPorts : record.publicPorts,
    log,
    death: updateDeathWatch(record.death, {
      at,
      passedMs,
      uptimeS: own.isOfEarlier ? null : signs.uptimeS,
      hasFigures: hasFigures && !own.isOfEarlier,
      hasPorts: own.publicPorts.length > 0,
    }),
  }
}

/** What a reading shows, without what the API still shows of the container before. */
function signsOfThisStart(
  { earlier, firstAt }: ContainerRecord,
  { at, signs: { uptimeS, publicPorts } }: ContainerReading,
): { readonly isRunning: boolean; readonly isOfEarlier: boolean; readonly publicPorts: readonly string[] } {
  const isEarly = earlier !== null && elapsedMs(firstAt, at) < STALE_MS
  const possibleS =
    earlier === null ? null : longestElapsedMs(earlier.seenAt, at) / SECOND_MS + UPTIME_TOLERANCE_S
  const isOfEarlier = isEarly && uptimeS !== null && possibleS !== null && uptimeS > possibleS
  const areOfEarlier = isEarly && publicPorts.join() === earlier.publicPorts.join()
  return {
    isRunning: uptimeS !== null && uptimeS > 0 && !isOfEarlier,
    isOfEarlier,
    publicPorts: areOfEarlier || isOfEarlier ? [] : publicPorts,
  }
}

export function containerStateOf(record: ContainerRecord, rules: ContainerRules): ContainerState {
  const { death, upAt, sinceMs, observedMs: forMs, log } = record
  if (death.died !== null) return { kind: 'died', death: death.died }
  if (upAt !== null) return { kind: 'up', upAt, isShown: record.isShown }
  const isOverdue = forMs >= rules.limitMs
  if (sinceMs !== null && (!isOverdue || log?.isTelling === true))
    return { kind: 'starting', sinceMs, forMs, isOverdue }
  return isOverdue ? { kind: 'unknown', isStartKnown: sinceMs !== null, forMs } : { kind: 'not-seen' }
}

export const isContainerGap = (
  from: Instant,
  to: Instant,
  { gapMs, clockToleranceMs }: Pick<ContainerRules, 'gapMs' | 'clockToleranceMs'>,
): boolean => elapsedMs(from, to) > gapMs || clockDisagreementMs(from, to) > clockToleranceMs
