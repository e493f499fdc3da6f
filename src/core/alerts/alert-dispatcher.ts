import type { ActivityEntry, ActivityLog } from '../audit-log/audit-log'
import { groupAlert, silenceWords, summaryAlert } from './alert-batching'
import { type MarkStore, nameOfAlert } from './alert-history'
import { type AlertRules, markOf, planAlerts, type Step } from './alert-plan'
import type { Alert, Announcement, Deliveries, Delivery, Notifier } from './alert'
import { MINUTE_MS } from '../base/time'

export interface AnnouncerOptions {
  readonly notifier: Notifier
  readonly marks: MarkStore
  readonly log: Pick<ActivityLog, 'record'>
  readonly rules: (nowMs: number) => AlertRules
  /** False while another process announces for this account: then nothing is said, marked or written down here. */
  readonly isActing: () => boolean
  /** Unix ms. */
  readonly nowMs: () => number
  /** Whether notifications fail has changed. */
  readonly onChange: () => void
  /** For the log; must not throw. */
  readonly report: (what: string, cause?: unknown) => void
}

/** Says natively what is to be said, each thing once. A notification that fails stops nothing else. */
export interface Announcer extends Deliveries {
  /**
   * To be told all that holds, turn after turn. What is new is written down, then marked, then shown; what is critical
   * is shown, then marked, and tried again while it does not get through. `isWhole` false: more may hold, unseen.
   */
  announce(found: readonly Announcement[], isWhole: boolean): void
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

export function createAnnouncer(options: AnnouncerOptions): Announcer {
  const { notifier, marks, log, nowMs, report } = options
  /** Of critical ones that were not marked yet, by name. */
  const attempts = new Map<string, Attempt>()
  let areFailing = false

  function announce(found: readonly Announcement[], isWhole: boolean): void {
    if (!options.isActing()) return
    const now = nowMs()
    const known = marks.load()
    const plan = planAlerts(found, known, now, options.rules(now), isWhole)
    if (isWhole) forgetAttempts(found)
    const steps = plan.steps.filter((step) => !isWaiting(step, now))
    for (const step of steps) if (!isRetry(step)) record(step, now)
    if (plan.marks !== known) marks.save(plan.marks)
    const said = steps.filter((step) => step.kind === 'say')
    for (const { announcement } of said) if (announcement.isCritical) void showCritical(announcement)
    const plain = said.filter(({ announcement }) => !announcement.isCritical)
    const alerts = plain.map(({ announcement, changes }) =>
      changes === null ? announcement : summaryAlert(announcement, changes),
    )
    if (alerts.length > MAX_AT_ONCE) void show(groupAlert(alerts, now))
    else for (const alert of alerts) void show(alert)
  }

  function record({ announcement, ...step }: Step, atMs: number): void {
    const { key, podName, title, body, tone } = announcement
    const told =
      step.kind === 'say' && step.changes !== null ? summaryAlert(announcement, step.changes) : null
    const text = `${told?.title ?? title}. ${told?.body ?? body}`
    const entry: ActivityEntry = {
      atMs,
      accountId: key.accountId,
      podId: key.podId,
      podName,
      kind: 'alert',
      what: key.kind,
      text: step.kind === 'silence' ? `${text} ${silenceWords(step.by)}` : text,
      tone,
    }
    const written = log.record(entry)
    // It is shown all the same.
    if (!written.ok) report('An alert could not be written down', written.error)
  }

  /** Of what does not hold any more. */
  function forgetAttempts(found: readonly Announcement[]): void {
    const names = new Set(found.map(({ key }) => nameOfAlert(key)))
    for (const [name, { failedAtMs }] of attempts)
      if (failedAtMs !== null && !names.has(name)) attempts.delete(name)
  }

  const attemptOf = ({ announcement }: Step): Attempt | undefined =>
    announcement.isCritical ? attempts.get(nameOfAlert(announcement.key)) : undefined

  const isRetry = (step: Step): boolean => attemptOf(step) !== undefined

  function isWaiting(step: Step, now: number): boolean {
    const attempt = attemptOf(step)
    if (attempt === undefined) return false
    if (attempt.failedAtMs === null) return true
    const waitMs = attempt.tries === 1 ? 0 : Math.min(FIRST_RETRY_MS * 2 ** (attempt.tries - 1), MAX_RETRY_MS)
    return Math.abs(now - attempt.failedAtMs) < waitMs
  }

  async function showCritical(announcement: Announcement): Promise<void> {
    const name = nameOfAlert(announcement.key)
    const tries = (attempts.get(name)?.tries ?? 0) + 1
    attempts.set(name, { tries, failedAtMs: null })
    const delivery = await show(announcement)
    if (delivery === 'failed') {
      attempts.set(name, { tries, failedAtMs: nowMs() })
      return
    }
    attempts.delete(name)
    const now = nowMs()
    const mark = { ...markOf(announcement, now, 'said'), deliveredAtMs: now }
    marks.save({ ...marks.load(), [name]: mark })
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
    announce,
    areNotificationsFailing: () => areFailing,
    deliveredAtMs: (key) => marks.load()[nameOfAlert(key)]?.deliveredAtMs ?? null,
  }
}
