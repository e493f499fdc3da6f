import {
  type ActingWorld,
  couldGuardStopAt,
  couldStopAt,
  DUE_MIN,
  failsAt,
  faultOfCode,
  WORLD_MIN,
} from './acting-world'
import type { AcceptedAlert, SeenMinute } from './run-acting-world'

/** Both warnings once more, 15 min in which nobody could act, and what polls take. */
const EXPLAINED_AFTER_MIN = 55
/** The quiet time begins anew after what was not observed, and a stop is tried only then. */
const QUIET_AGAIN_MIN = 30
/** Quiet time and both warnings once more. */
const STOPPED_AFTER_MIN = 105
/** A refused stop is tried again after 2 h at the latest. */
const RETRIED_AFTER_MIN = 170
/** A pod that can't be judged is alerted after an hour without a judged sample. */
const UNJUDGED_ALERT_MIN = 62
/** A guard is read every 5 min. */
const LEASE_AFTER_MIN = 65

/** A critical alert is tried again so often. */
const ALERTED_AFTER_MIN = 16
/** An alert about the account holds for what comes back so soon. */
const SAME_EPISODE_MIN = 60
/** Without figures from the start, only what was observed here confirms how long the pod runs. */
const UNCONFIRMED_MIN = 60
/** Of alerts that failed actions have. */
const failedActionNames = ['key', 'stop', 'terminate']

/** What an alert says that fails; undefined: it isn't about that. */
function faultOfAlert({ kind, episode }: AcceptedAlert) {
  if (kind === 'activity-unknown') return 'figures'
  const [name = ''] = episode.split(' ')
  if (kind !== 'unable-to-act') return undefined
  return failedActionNames.includes(name) ? 'read-only' : faultOfCode[name]
}

/** Whether the alert is about what fails in that minute: of this pod, or of the account and not of an earlier time. */
function isAbout(world: ActingWorld, alert: AcceptedAlert, minute: number): boolean {
  const fault = faultOfAlert(alert)
  const isOnce = alert.podId !== null || fault === 'read-only'
  return world.faults.some(
    (one) =>
      one.fault === fault &&
      minute + 1 >= one.fromMin &&
      minute < one.toMin &&
      (isOnce || alert.minute >= beginOf(world, one) - SAME_EPISODE_MIN),
  )
}

/** The first minute in which it fails, of faults of one kind that follow each other without a pause. */
function beginOf({ faults }: ActingWorld, { fault, fromMin }: ActingWorld['faults'][number]): number {
  const earlier = faults.find((one) => one.fault === fault && one.fromMin < fromMin && one.toMin >= fromMin)
  return earlier?.fromMin ?? fromMin
}

const isFailing = (world: ActingWorld, code: string, minute: number): boolean => {
  const fault = faultOfCode[code]
  return fault !== undefined && (failsAt(world, fault, minute) || failsAt(world, fault, minute + 1))
}

/** Whether figures fail for less than that time, which keeps only a quiet pod from being stopped. */
const isUnjudgedSince = ({ rule, faults }: ActingWorld, minute: number, min: number): boolean =>
  rule === 'quiet' &&
  faults.some(({ fault, fromMin }) => fault === 'figures' && minute >= fromMin && minute - fromMin < min)

/**
 * Whether the last lease is from a cut, in which the guard in the pod goes by what it was told: a choice, too. With a
 * status that isn't known it isn't read after that either. What was seen is from the end of the minute.
 */
const isUnread = (world: ActingWorld, minute: number): boolean =>
  [minute - 1, minute, minute + 1].some(
    (min) => failsAt(world, 'network', min) || failsAt(world, 'status', min),
  )

/** What is wrong in the world by what it is, not by what the program thinks. See docs/product-rules.md#39-who-can-act. */
export function judgeActingWorld(world: ActingWorld, minutes: readonly SeenMinute[]): readonly string[] {
  const wrong = new Set<string>()
  const { choice, guard, faults } = world
  let unableMin = 0
  let ableMin = 0
  /** For how long neither this computer nor the guard in the pod could, and alerts are accepted. */
  let aloneMin = 0
  let heardMin = 0
  minutes.forEach((seen, minute) => {
    // What was seen is from the end of the minute.
    const could = couldStopAt(world, minute + 1)
    // Behind a fault that ended, another one shows only when a stop is tried again.
    const hasEnded = faults.some(({ toMin }) => toMin === minute + 1)
    unableMin = could || minute < DUE_MIN ? 0 : hasEnded ? -QUIET_AGAIN_MIN : unableMin + 1
    ableMin = could ? ableMin + 1 : 0
    aloneMin = couldGuardStopAt(world, minute + 1) ? 0 : Math.min(unableMin, aloneMin + 1)
    heardMin = failsAt(world, 'desktop', minute) && !world.hasChannel ? 0 : heardMin + 1
    const say = (what: string): void => void wrong.add(`${what} at minute ${minute}`)
    const isAlerted = seen.alerts.some((alert) => faultOfAlert(alert) !== undefined)
    if (choice !== 'none') {
      if (seen.isStopped) say(`stopped although it is ${choice}`)
      if (isAlerted) say(`alerted although it is ${choice}`)
      if (seen.lease === false && choice !== 'off' && !isUnread(world, minute))
        say(`handed over although it is ${choice}`)
      return
    }
    if (seen.isStopped) return
    const isExplainable = unableMin >= EXPLAINED_AFTER_MIN
    const isTold =
      seen.alerts.some((alert) => isAbout(world, alert, minute)) ||
      (heardMin < ALERTED_AFTER_MIN && seen.said.some((code) => isFailing(world, code, minute)))
    if (aloneMin >= EXPLAINED_AFTER_MIN && !isTold && !isUnjudgedSince(world, minute, UNJUDGED_ALERT_MIN))
      say('not stopped, and nobody was told')
    // Once the guard in the pod can't any more, 15 min begin anew.
    const isShownAnyway = couldGuardStopAt(world, minute + 1)
      ? isExplainable
      : aloneMin >= EXPLAINED_AFTER_MIN
    if (isShownAnyway && seen.hasTime) say('shown with a time although nobody can stop it')
    // A guard is read while its pod is listed as running.
    const isRead =
      guard !== 'none' && !(['network', 'status'] as const).some((one) => failsAt(world, one, minute))
    if (unableMin >= LEASE_AFTER_MIN && isRead && seen.lease === true)
      say('claimed although it can’t be stopped')
    const wasRefused = faults.some(({ fault }) => fault === 'read-only')
    const isUnconfirmed = world.rule === 'max-hours' && failsAt(world, 'figures', 0)
    const stoppedAfterMin =
      (wasRefused ? RETRIED_AFTER_MIN : STOPPED_AFTER_MIN) + (isUnconfirmed ? UNCONFIRMED_MIN : 0)
    if (ableMin >= Math.max(DUE_MIN, stoppedAfterMin)) say('not stopped')
  })
  const last = minutes.at(-1)
  const own = last?.alerts.filter(({ kind }) => kind === 'unable-to-act') ?? []
  if (faults.length === 0 && own.length > 0) wrong.add('alerted although nothing fails')
  if (new Set(own.map(({ episode }) => episode)).size > faults.length + 1)
    wrong.add(`${own.length} alerts for ${faults.length} faults`)
  if (minutes.length !== WORLD_MIN) wrong.add('the world ended early')
  return [...wrong].slice(0, 3)
}
