import type { AuditEntry, AuditLog } from '../audit-log/audit-log'
import { groupAlert, summaryAlert, suppressionText } from './alert-batching'
import { type AlertHistoryStore, alertName } from './alert-history'
import { type AlertRules, type AlertStep, planAlerts, toAlertRecord } from './alert-plan'
import type { Alert, Deliveries, Delivery, Notifier, PendingAlert } from './alert'
import { MINUTE_MS } from '../base/time'

export interface AlertDispatcherOptions {
  readonly notifier: Notifier
  readonly alertHistory: AlertHistoryStore
  readonly auditLog: Pick<AuditLog, 'record'>
  readonly rules: (nowMs: number) => AlertRules
  /** False while another process announces for this account: then nothing is said, marked or written down here. */
  readonly mayAnnounce: () => boolean
  /** Unix ms. */
  readonly nowMs: () => number
  /** Whether notifications fail has changed. */
  readonly onChange: () => void
  /** For the log; must not throw. */
  readonly report: (what: string, cause?: unknown) => void
}

/** Says natively what is to be said, each thing once. A notification that fails stops nothing else. */
export interface AlertDispatcher extends Deliveries {
  /**
   * To be told all that holds, turn after turn. What is new is written down, then marked, then shown; what is critical
   * is shown, then marked, and tried again while it does not get through. `isWhole` false: more may hold, unseen.
   */
  dispatch(pending: readonly PendingAlert[], isComplete: boolean): void
  /** Whether the system took the last one. */
  areNotificationsFailing(): boolean
}

/** More than so many at once are one notification. Product rules, "Alerts". */
const MAX_AT_ONCE = 3

/** A critical one that did not get through is tried at the next turn, then ever more seldom, up to this. */
const MAX_RETRY_MS = 15 * MINUTE_MS
const FIRST_RETRY_MS = MINUTE_MS / 2

interface Attempt {
  readonly tries: number
  /** Null: it is under way. */
  readonly failedAtMs: number | null
}

export function createAlertDispatcher(options: AlertDispatcherOptions): AlertDispatcher {
  const { notifier, alertHistory, auditLog, nowMs, report } = options
  /** Of critical ones that were not marked yet, by name. */
  const attempts = new Map<string, Attempt>()
  let areFailing = false

  function dispatch(pending: readonly PendingAlert[], isComplete: boolean): void {
    if (!options.mayAnnounce()) return
    const now = nowMs()
    const known = alertHistory.load()
    const plan = planAlerts(pending, known, now, options.rules(now), isComplete)
    if (isComplete) forgetAttempts(pending)
    const steps = plan.steps.filter((step) => !isWaiting(step, now))
    for (const step of steps) if (!isRetry(step)) record(step, now)
    if (plan.alertHistory !== known) alertHistory.save(plan.alertHistory)
    const toShow = steps.filter((step) => step.kind === 'say')
    for (const { alert } of toShow) if (alert.isCritical) void showCritical(alert)
    const informational = toShow.filter(({ alert }) => !alert.isCritical)
    const alerts = informational.map(({ alert, changes }) =>
      changes === null ? alert : summaryAlert(alert, changes),
    )
    if (alerts.length > MAX_AT_ONCE) void show(groupAlert(alerts, now))
    else for (const alert of alerts) void show(alert)
  }

  function record({ alert, ...step }: AlertStep, atMs: number): void {
    const { key, podName, title, body, tone } = alert
    const summary = step.kind === 'say' && step.changes !== null ? summaryAlert(alert, step.changes) : null
    const text = `${summary?.title ?? title}. ${summary?.body ?? body}`
    const entry: AuditEntry = {
      atMs,
      accountId: key.accountId,
      podId: key.podId,
      podName,
      kind: 'alert',
      what: key.kind,
      text: step.kind === 'silence' ? `${text} ${suppressionText(step.reason)}` : text,
      tone,
    }
    const written = auditLog.record(entry)
    // It is shown all the same.
    if (!written.ok) report('An alert could not be written down', written.error)
  }

  /** Of what does not hold any more. */
  function forgetAttempts(pending: readonly PendingAlert[]): void {
    const names = new Set(pending.map(({ key }) => alertName(key)))
    for (const [name, { failedAtMs }] of attempts)
      if (failedAtMs !== null && !names.has(name)) attempts.delete(name)
  }

  const attemptOf = ({ alert }: AlertStep): Attempt | undefined =>
    alert.isCritical ? attempts.get(alertName(alert.key)) : undefined

  const isRetry = (step: AlertStep): boolean => attemptOf(step) !== undefined

  function isWaiting(step: AlertStep, now: number): boolean {
    const attempt = attemptOf(step)
    if (attempt === undefined) return false
    if (attempt.failedAtMs === null) return true
    const waitMs = attempt.tries === 1 ? 0 : Math.min(FIRST_RETRY_MS * 2 ** (attempt.tries - 1), MAX_RETRY_MS)
    return Math.abs(now - attempt.failedAtMs) < waitMs
  }

  async function showCritical(alert: PendingAlert): Promise<void> {
    const name = alertName(alert.key)
    const tries = (attempts.get(name)?.tries ?? 0) + 1
    attempts.set(name, { tries, failedAtMs: null })
    const delivery = await show(alert)
    if (delivery === 'failed') {
      attempts.set(name, { tries, failedAtMs: nowMs() })
      return
    }
    attempts.delete(name)
    const now = nowMs()
    const delivered = { ...toAlertRecord(alert, now, 'said'), deliveredAtMs: now }
    alertHistory.save({ ...alertHistory.load(), [name]: delivered })
  }

  async function show(alert: Alert): Promise<Delivery> {
    let delivery: Delivery = 'failed'
    try {
      delivery = await notifier.show(alert)
    } catch (cause) {
      report('An alert could not be shown', cause)
    }
    const wereFailing = areFailing
    areFailing = delivery === 'failed'
    if (areFailing !== wereFailing) options.onChange()
    return delivery
  }

  return {
    dispatch,
    areNotificationsFailing: () => areFailing,
    deliveredAtMs: (key) => alertHistory.load()[alertName(key)]?.deliveredAtMs ?? null,
  }
}
