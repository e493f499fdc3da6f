import type { AuditEntry, AuditLog } from '../audit-log/audit-log'
import { batchAlerts, summaryAlert, suppressionText } from './alert-batching'
import { type AlertHistory, type AlertHistoryStore, alertName } from './alert-history'
import { type AlertRules, type AlertStep, planAlerts, toAlertRecord } from './alert-plan'
import type { Alert, AlertKey, Deliveries, Delivery, Notifier, PendingAlert } from './alert'
import { MINUTE_MS } from '../base/time/time'

export interface AlertDispatcherOptions {
  readonly notifier: Notifier
  readonly alertHistory: AlertHistoryStore
  readonly auditLog: Pick<AuditLog, 'record'>
  readonly rules: (nowMs: number) => AlertRules
  /**
   * False while another process sends the alerts for this account. Then nothing is recorded here, and only alerts that
   * say why are shown.
   */
  readonly mayAnnounce: () => boolean
  /** Unix ms. */
  readonly nowMs: () => number
  /** Called when notifications start or stop failing. */
  readonly onChange: () => void
  /** Writes to the log; must not throw. */
  readonly report: (what: string, cause?: unknown) => void
}

/** Shows each alert once as a system notification. A failed notification does not affect the others. */
export interface AlertDispatcher extends Deliveries {
  /**
   * Called after each poll with all current alerts. A new alert is logged, then recorded, then shown. A
   * critical alert is shown before it is recorded, and retried until it is delivered. `isComplete` is false
   * when there may be further alerts, as after a failed poll. `standing` are alerts that still hold although nothing
   * of them is to be shown any more.
   */
  dispatch(pending: readonly PendingAlert[], isComplete: boolean, standing?: readonly AlertKey[]): void
  /** Whether the system rejected the last notification. */
  areNotificationsFailing(): boolean
}

/** Maximum delay between two attempts to deliver a critical alert. The first retry is at the next poll. */
const MAX_RETRY_MS = 15 * MINUTE_MS
const FIRST_RETRY_MS = MINUTE_MS / 2

interface DeliveryAttempt {
  readonly tries: number
  /** Null while the attempt is in progress. */
  readonly failedAtMs: number | null
}

export function createAlertDispatcher(options: AlertDispatcherOptions): AlertDispatcher {
  const { notifier, alertHistory, auditLog, nowMs, report } = options
  const { outlet } = notifier
  /** Undelivered critical alerts, by name. */
  const attempts = new Map<string, DeliveryAttempt>()
  /** What was delivered while nothing may be written, by name. */
  const shownUnwritten = new Set<string>()
  let areFailing = false

  function dispatch(
    pending: readonly PendingAlert[],
    isComplete: boolean,
    standing: readonly AlertKey[] = [],
  ): void {
    const now = nowMs()
    if (!options.mayAnnounce()) {
      for (const alert of pending) if (alert.isOfReader) showUnwritten(alert, now)
      return
    }
    const known = withAccepted(pending, alertHistory.load(), now)
    const plan = planAlerts(pending, known, now, options.rules(now), isComplete)
    if (isComplete) forgetAttempts(pending)
    const steps = plan.steps.filter((step) => !isWaiting(step, now))
    for (const step of steps) if (!isRetry(step)) record(step, now)
    // Before it counts as shown, so that a crash in between doesn't lose it.
    for (const step of plan.steps) if (step.kind === 'show') outlet?.take(shownAlert(step))
    if (plan.alertHistory !== known) alertHistory.save(plan.alertHistory)
    const toShow = steps.filter((step) => step.kind === 'show')
    for (const { alert } of toShow) if (alert.isCritical) void showCritical(alert)
    const informational = toShow.filter(({ alert }) => !alert.isCritical)
    for (const alert of batchAlerts(informational.map(shownAlert), now)) void show(alert)
    if (isComplete) outlet?.onHolding(new Set([...pending.map(({ key }) => key), ...standing].map(alertName)))
  }

  /** A critical alert that was accepted elsewhere is delivered. */
  function withAccepted(pending: readonly PendingAlert[], known: AlertHistory, now: number): AlertHistory {
    if (outlet === undefined) return known
    let history = known
    for (const alert of pending) {
      const name = alertName(alert.key)
      const deliveredAtMs = alert.isCritical ? outlet.acceptedAtMs(alert.key) : null
      if (deliveredAtMs === null || history[name]?.state === 'said') continue
      history = { ...history, [name]: { ...toAlertRecord(alert, now, 'said'), deliveredAtMs } }
      attempts.delete(name)
    }
    if (history !== known) alertHistory.save(history)
    return history
  }

  function record({ alert, ...step }: AlertStep, atMs: number): void {
    const { key, podName, title, body, tone } = alert
    const summary = step.kind === 'show' && step.changes !== null ? summaryAlert(alert, step.changes) : null
    // An entry is one line.
    const text = `${summary?.title ?? title}. ${summary?.body ?? body}`.replaceAll('\n', ' ')
    const entry: AuditEntry = {
      atMs,
      accountId: key.accountId,
      podId: key.podId,
      podName,
      kind: 'alert',
      what: key.kind,
      text: step.kind === 'suppress' ? `${text} ${suppressionText(step.reason)}` : text,
      tone,
    }
    const written = auditLog.record(entry)
    // An alert that cannot be logged is still shown.
    if (!written.ok) report('An alert could not be saved', written.error)
  }

  /** Forgets the attempts of alerts that are no longer pending. */
  function forgetAttempts(pending: readonly PendingAlert[]): void {
    const names = new Set(pending.map(({ key }) => alertName(key)))
    for (const [name, { failedAtMs }] of attempts)
      if (failedAtMs !== null && !names.has(name)) attempts.delete(name)
  }

  const attemptOf = ({ alert }: AlertStep): DeliveryAttempt | undefined =>
    alert.isCritical ? attempts.get(alertName(alert.key)) : undefined

  const isRetry = (step: AlertStep): boolean => attemptOf(step) !== undefined

  function isWaiting(step: AlertStep, now: number): boolean {
    const attempt = attemptOf(step)
    if (attempt === undefined) return false
    if (attempt.failedAtMs === null) return true
    const waitMs = attempt.tries === 1 ? 0 : Math.min(FIRST_RETRY_MS * 2 ** (attempt.tries - 1), MAX_RETRY_MS)
    return Math.abs(now - attempt.failedAtMs) < waitMs
  }

  function showUnwritten(alert: PendingAlert, now: number): void {
    const isDone = shownUnwritten.has(alertName(alert.key))
    if (!isDone && !isWaiting({ kind: 'show', alert, changes: null }, now)) void showCritical(alert)
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
    if (!options.mayAnnounce()) {
      shownUnwritten.add(name)
      return
    }
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
    deliveredAtMs: (key) =>
      alertHistory.load()[alertName(key)]?.deliveredAtMs ?? outlet?.acceptedAtMs(key) ?? null,
  }
}

const shownAlert = ({ alert, changes }: Extract<AlertStep, { readonly kind: 'show' }>): PendingAlert =>
  changes === null ? alert : summaryAlert(alert, changes)
