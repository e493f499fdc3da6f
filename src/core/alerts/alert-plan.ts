import { type AlertHistory, alertName, type AlertRecord, pruneHistory } from './alert-history'
import type { AlertKind, PendingAlert } from './alert'
import { HOUR_MS } from '../base/time/time'

/** Why a pending alert is not shown. */
export type SuppressionReason =
  /** Its kind is switched off. */
  | 'switch'
  /** The event happened while nothing was polled. */
  | 'missed'
  | 'pause'
  | 'quiet-hours'
  /** The previous alert of its kind and pod is too recent. */
  | 'recent'
  /** Its kind and pod changed too often, and a summary was already shown. */
  | 'flapping'

export interface AlertRules {
  readonly isOn: (kind: AlertKind) => boolean
  readonly arePaused: boolean
  readonly isQuietHours: boolean
  /** Minimum interval between two alerts of this kind for one pod, ms; 0 for no limit. */
  readonly minIntervalMs: (kind: AlertKind) => number
}

/** What to do with one alert now. */
export type AlertStep =
  /** `changes`: show a summary of this many changes within the hour; null: show the alert itself. */
  | { readonly kind: 'show'; readonly alert: PendingAlert; readonly changes: number | null }
  /** Log it as suppressed. */
  | { readonly kind: 'suppress'; readonly alert: PendingAlert; readonly reason: SuppressionReason }

export interface AlertPlan {
  readonly steps: readonly AlertStep[]
  /**
   * To be saved before anything is shown. Critical alerts are not included: they are recorded once delivered.
   */
  readonly alertHistory: AlertHistory
}

/** If one pod changes more often than this within an hour, one summary replaces the alerts of that kind. */
const MAX_CHANGES = 4
const FLAPPING_MS = HOUR_MS

/**
 * Decides what to do with each pending alert at `nowMs` (Unix ms), in order. `isComplete` is false when there
 * may be further alerts, as after a failed poll. See docs/product-rules.md#62-delivery.
 */
export function planAlerts(
  pending: readonly PendingAlert[],
  alertHistory: AlertHistory,
  nowMs: number,
  rules: AlertRules,
  isComplete: boolean,
): AlertPlan {
  const unsettled = pending.filter(({ key }) => isUnsettled(alertHistory[alertName(key)]))
  if (unsettled.length === 0) return { steps: [], alertHistory }

  const activeNames = isComplete ? new Set(pending.map(({ key }) => alertName(key))) : null
  const next: Record<string, AlertRecord> = { ...pruneHistory(alertHistory, activeNames, nowMs) }
  const siblings = siblingsOf(next)
  const steps: AlertStep[] = []
  let isChanged = false
  for (const alert of unsettled) {
    const name = alertName(alert.key)
    const before = next[name]
    if (!isUnsettled(before)) continue
    const others = siblings.of(alert)
    const reason = suppressionReason(alert, before, others, nowMs, rules)
    if (reason === null) {
      const changes = countChanges(alert, others, nowMs)
      steps.push({ kind: 'show', alert, changes })
      if (alert.isCritical) continue
      if (changes !== null) addRecord(summaryRecord(alert, nowMs))
      addRecord(toAlertRecord(alert, nowMs, 'said'))
    } else if (before === undefined) {
      steps.push({ kind: 'suppress', alert, reason })
      addRecord(toAlertRecord(alert, nowMs, reason === 'missed' ? 'dropped' : 'held'))
    }
  }
  return { steps, alertHistory: isChanged ? next : alertHistory }

  function addRecord(record: AlertRecord): void {
    next[alertName(record)] = record
    siblings.add(record)
    isChanged = true
  }
}

export function toAlertRecord(
  { key: { kind, accountId, podId, episode } }: Pick<PendingAlert, 'key'>,
  atMs: number,
  state: AlertRecord['state'],
): AlertRecord {
  return { kind, accountId, podId, episode, atMs, state }
}

const isUnsettled = (record: AlertRecord | undefined): boolean =>
  record === undefined || record.state === 'held'

function suppressionReason(
  { key, isCritical, isMissed, isResponseToUser, isRequested }: PendingAlert,
  before: AlertRecord | undefined,
  others: readonly AlertRecord[],
  nowMs: number,
  rules: AlertRules,
): SuppressionReason | null {
  if (isMissed === true && !isCritical && before === undefined) return 'missed'
  if (!rules.isOn(key.kind) && isRequested !== true) return 'switch'
  const minIntervalMs = rules.minIntervalMs(key.kind)
  const isRecent = others.some(({ state, atMs }) => state === 'said' && isWithin(atMs, nowMs, minIntervalMs))
  // Its episode names the day, and midnight is no reason to repeat it.
  if (isCritical) return isRecent && key.kind === 'activity-unknown' ? 'recent' : null
  if (rules.arePaused && isResponseToUser !== true) return 'pause'
  if (rules.isQuietHours && isResponseToUser !== true) return 'quiet-hours'
  if (isRecent) return 'recent'
  if (isRequested === true) return null
  return others.some((other) => isSummary(other) && isWithin(other.atMs, nowMs, FLAPPING_MS))
    ? 'flapping'
    : null
}

/**
 * How often this kind changed for this pod within the hour, including now. Null when below the limit or
 * critical.
 */
function countChanges(
  { key, isCritical, isRequested }: PendingAlert,
  others: readonly AlertRecord[],
  nowMs: number,
): number | null {
  if (isCritical || isRequested === true || key.podId === null) return null
  // A summary within the hour would already have suppressed this one.
  const earlier = others.filter(
    ({ episode, atMs }) => episode !== key.episode && isWithin(atMs, nowMs, FLAPPING_MS),
  )
  return earlier.length >= MAX_CHANGES ? earlier.length + 1 : null
}

const SUMMARY = 'flapping since '

function summaryRecord({ key }: PendingAlert, nowMs: number): AlertRecord {
  return toAlertRecord({ key: { ...key, episode: `${SUMMARY}${nowMs}` } }, nowMs, 'said')
}

const isSummary = ({ episode }: AlertRecord): boolean => episode.startsWith(SUMMARY)

/** Compares in both directions, so that a clock set back suppresses alerts for no longer than `ms`. */
const isWithin = (atMs: number, nowMs: number, ms: number): boolean => Math.abs(nowMs - atMs) < ms

/** Groups records by kind, account and pod. */
function siblingsOf(history: AlertHistory) {
  const lists = new Map<string, AlertRecord[]>()
  const listOf = (record: Pick<AlertRecord, 'kind' | 'accountId' | 'podId'>): AlertRecord[] => {
    const name = JSON.stringify([record.kind, record.accountId, record.podId])
    const known = lists.get(name)
    if (known) return known
    const fresh: AlertRecord[] = []
    lists.set(name, fresh)
    return fresh
  }
  const add = (record: AlertRecord): void => void listOf(record).push(record)
  Object.values(history).forEach(add)
  return { add, of: ({ key }: PendingAlert): readonly AlertRecord[] => listOf(key) }
}
