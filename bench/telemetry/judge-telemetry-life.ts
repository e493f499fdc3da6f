import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { ALERT_AFTER_MS, POLL_MS, STOP_AFTER_MS, type TelemetryOutcome } from './run-telemetry-life'
import { LIFE_MS, type LifeSpan, type TelemetryLife, worksWithin } from './telemetry-life'

/** What of a life was wrong, late or missing, as sentences; and how much had to come. */
export interface TelemetryVerdict {
  readonly wrong: readonly string[]
  readonly stopsDue: number
  readonly idleAlertsDue: number
  readonly unknownAlertsDue: number
  readonly missingContainersDue: number
  readonly deathsDue: number
}

const BOOT_MS = 10 * MINUTE_MS
/** A look takes a minute and begins with a poll; the first one comes once figures lacked for ten minutes. */
const LOOK_MS = 3 * MINUTE_MS
/** Where looks stand for figures, the next one after work comes so much later. */
const AFTER_WORK_MS = 5 * MINUTE_MS
const LACKING_MS = 10 * MINUTE_MS
/** Refreshes until a cadence is known, the first one included. */
const REFRESHES = 6
const RULE_SLACK_MS = 3 * MINUTE_MS

export function judgeTelemetryLife(life: TelemetryLife, outcome: TelemetryOutcome): TelemetryVerdict {
  const { everyS, missing, canLook, work, upMs } = life
  const everyMs = everyS * SECOND_MS
  const isSilent = missing === 'gpus' || missing === 'everything'
  const tellsAll = missing === 'nothing' && everyS <= 60
  const isJudgeable = canLook || (!isSilent && everyS <= 300)
  const judgedFromMs = upMs + timeToMeasureMs(life)
  const endMs = life.death?.atMs ?? LIFE_MS
  const { wrong, missingContainersDue, deathsDue } = judgeContainer(life, outcome)

  const { stoppedMs, idleAlertMs, unknownAlertMs } = outcome
  const unseenMs = Math.max(everyMs, 90 * SECOND_MS) + 90 * SECOND_MS
  const hasWorkedBefore = (atMs: number, forMs: number): boolean =>
    worksWithin(work, atMs - forMs + MINUTE_MS, atMs - unseenMs)
  if (stoppedMs !== null) {
    if (hasWorkedBefore(stoppedMs, STOP_AFTER_MS)) wrong.push('stopped within the hour after work')
    if (!canLook && !tellsAll) wrong.push('stopped by figures that don’t suffice')
    if (stoppedMs > endMs + 15 * MINUTE_MS) wrong.push('stopped although nothing runs in it')
    if (stoppedMs < upMs + STOP_AFTER_MS) wrong.push('stopped within an hour of its start')
  }
  if (idleAlertMs !== null && hasWorkedBefore(idleAlertMs, ALERT_AFTER_MS))
    wrong.push('idle alert after work')
  if (isJudgeable && life.death === null && unknownAlertMs !== null)
    wrong.push('activity unknown although it can be judged')

  const idle = idleSpans(life).map(({ fromMs, toMs }) => ({
    fromMs: afterFreezes(life, Math.max(fromMs, judgedFromMs)),
    toMs,
  }))
  const last = idle.at(-1)
  const isSeenByLooks = canLook && (isSilent || everyS > 300)
  const lookMs = tellsAll ? 0 : LOOK_MS + (isSeenByLooks ? AFTER_WORK_MS : 0)
  const stopDueMs =
    last === undefined ? Infinity : last.fromMs + STOP_AFTER_MS * 1.05 + everyMs + RULE_SLACK_MS + lookMs
  const isStopDue = (canLook || tellsAll) && stopDueMs < endMs
  if (isStopDue && (stoppedMs === null || stoppedMs > stopDueMs))
    wrong.push(
      `not stopped by ${text(stopDueMs)}, but ${stoppedMs === null ? 'never' : `at ${text(stoppedMs)}`}`,
    )

  const alertDueMs = idle
    .map(({ fromMs, toMs }) => ({
      dueMs: fromMs + ALERT_AFTER_MS * 1.05 + everyMs + POLL_MS + MINUTE_MS + lookMs,
      toMs,
    }))
    .find(({ dueMs, toMs }) => dueMs < toMs)?.dueMs
  const isAlertDue = isJudgeable && alertDueMs !== undefined && alertDueMs < endMs
  if (isAlertDue && (idleAlertMs === null || idleAlertMs > alertDueMs))
    wrong.push(
      `no idle alert by ${text(alertDueMs)}, but ${idleAlertMs === null ? 'never' : `at ${text(idleAlertMs)}`}`,
    )

  const unknownFromMs = isSilent ? upMs + BOOT_MS : Math.max(judgedFromMs, work.at(-1)?.toMs ?? 0)
  const unknownDueMs = unknownFromMs + HOUR_MS + 2 * everyMs + RULE_SLACK_MS + frozenMs(life)
  const isUnknownDue = !isJudgeable && life.death === null && unknownDueMs < LIFE_MS
  if (isUnknownDue && (unknownAlertMs === null || unknownAlertMs > unknownDueMs))
    wrong.push(`nothing said of what can’t be judged by ${text(unknownDueMs)}`)

  return {
    wrong,
    stopsDue: Number(isStopDue),
    idleAlertsDue: Number(isAlertDue),
    unknownAlertsDue: Number(isUnknownDue),
    missingContainersDue,
    deathsDue,
  }
}

/** "Creating too long after" of the settings. */
const CREATING_MS = 15 * MINUTE_MS
const DEAD_AFTER_MS = 10 * MINUTE_MS

/** What was said of its container: that it is ready, that there is none, that it died. */
function judgeContainer(
  life: TelemetryLife,
  outcome: TelemetryOutcome,
): { wrong: string[] } & Pick<TelemetryVerdict, 'missingContainersDue' | 'deathsDue'> {
  const { upMs, death, missing, everyS } = life
  const { readyMs, noContainerMs, diedMs, stoppedMs } = outcome
  const wrong: string[] = []
  const pollsMs = 4 * POLL_MS
  if (readyMs === null || readyMs < upMs || readyMs > upMs + pollsMs)
    wrong.push(`ready ${readyMs === null ? 'never' : `at ${text(readyMs)}`}, but up at ${text(upMs)}`)
  const isWithout = upMs > CREATING_MS + pollsMs
  if (noContainerMs !== null && noContainerMs < CREATING_MS) wrong.push('no container before its time')
  if (noContainerMs !== null && upMs < CREATING_MS) wrong.push('no container although it is up')
  if (isWithout && (noContainerMs === null || noContainerMs > CREATING_MS + pollsMs))
    wrong.push('nothing said of a container that does not come')
  if (diedMs !== null && (death === null || diedMs < death.atMs)) wrong.push('called dead while it lives')
  // Where nothing was ever shown, nothing is missed.
  const canTell = death !== null && !(missing === 'everything')
  const diedDueMs = canTell
    ? afterFreezes(life, death.atMs) + DEAD_AFTER_MS + everyS * SECOND_MS + pollsMs
    : Infinity
  const isDeathDue = diedDueMs < (stoppedMs ?? LIFE_MS)
  if (isDeathDue && (diedMs === null || diedMs > diedDueMs))
    wrong.push(
      `not called dead by ${text(diedDueMs)}, but ${diedMs === null ? 'never' : `at ${text(diedMs)}`}`,
    )
  return { wrong, missingContainersDue: Number(isWithout), deathsDue: Number(isDeathDue) }
}

/** From when its container is up until what the API reports is known well enough. */
function timeToMeasureMs(life: TelemetryLife): number {
  const { everyS, missing, isListBare, canLook } = life
  const refreshesMs = everyS >= 45 ? REFRESHES * everyS * SECOND_MS + frozenMs(life) : 0
  const absentMs = missing === 'nothing' ? 0 : LACKING_MS + 20 * POLL_MS * 0.1
  const isSilent = missing === 'gpus' || missing === 'everything'
  const lookMs = canLook && (isSilent || everyS > 300) ? LACKING_MS + LOOK_MS : 0
  return (isSilent ? 0 : Math.max(refreshesMs, absentMs)) + lookMs + (isListBare ? MINUTE_MS : 0)
}

const frozenMs = ({ frozen, silences }: TelemetryLife): number =>
  [...frozen, ...silences].reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)

/** What freezes after that moment interrupts what was observed. */
const afterFreezes = ({ frozen, silences }: TelemetryLife, fromMs: number): number =>
  [...frozen, ...silences].reduce((latest, { toMs }) => Math.max(latest, toMs), fromMs)

/** When it does nothing, without its boot. */
function idleSpans({ upMs, work, death }: TelemetryLife): readonly LifeSpan[] {
  const starts = [upMs + BOOT_MS, ...work.map(({ toMs }) => Math.max(toMs, upMs + BOOT_MS))]
  const ends = [...work.map(({ fromMs }) => fromMs), death?.atMs ?? LIFE_MS]
  return starts.map((fromMs, index) => ({ fromMs, toMs: ends[index] ?? LIFE_MS }))
}

const text = (ms: number): string => `${Math.round(ms / SECOND_MS)} s`
