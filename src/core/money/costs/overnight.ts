import type { AlertText, PendingAlert } from '../../alerts/alert'
import { formatUsd } from '../../base/text/format'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../base/time/time'
import type { UtcOffset } from '../../pod-rules/keep-on'
import type { AccountId } from '../../pods/pod'
import { namesText } from '../../pods/pod-name'
import { parseTimeOfDay } from '../../settings/definitions/quiet-hours'
import type { Ledger } from '../ledger/ledger'
import type { StoppedPod } from '../ledger/month-book'
import { monthOf } from '../ledger/months'
import { savedByAutoStop, type SavedView } from './saved-by-auto-stop'

/* The summary of a night. See docs/product-rules.md#64-morning-summary. */

/** The setting's default, minutes of the day. */
const MORNING_MIN = 8 * 60
/** A night begins this long before the summary, by the local clock, and the day ends this long after it. */
const HALF_DAY_MS = 12 * HOUR_MS

/** A night that is over, of which the day after it isn't. Unix ms. */
export interface Night {
  readonly fromMs: number
  readonly untilMs: number
  /** The local date on which it ended, which names it: "2026-12-03". */
  readonly date: string
}

/**
 * The night that ended before `nowMs` (Unix ms), at `morning` of the local clock ("08:00"; null: the default); null
 * while it goes on. No two nights share a moment, whatever daylight saving time does.
 */
export function nightBefore(nowMs: number, morning: string | null, utcOffset: UtcOffset): Night | null {
  const minutes = (morning === null ? null : parseTimeOfDay(morning)) ?? MORNING_MIN
  // The offset of that moment, which may differ from today's.
  const atLocal = (localMs: number): number => localMs - utcOffset(localMs - utcOffset(nowMs))
  const today = Math.floor((nowMs + utcOffset(nowMs)) / DAY_MS) * DAY_MS
  for (const day of [today, today - DAY_MS]) {
    const morningMs = day + minutes * MINUTE_MS
    const untilMs = atLocal(morningMs)
    if (nowMs >= untilMs && nowMs < atLocal(morningMs + HALF_DAY_MS))
      return {
        fromMs: atLocal(morningMs - HALF_DAY_MS),
        untilMs,
        date: new Date(day).toISOString().slice(0, 10),
      }
  }
  return null
}

/** What an account announces of a night in which its rules stopped pods; null of any other. Trusted time, Unix ms. */
export function overnightAlert(
  accountId: AccountId,
  ledger: Pick<Ledger, 'book' | 'lastObservations'>,
  nowMs: number,
  morning: string | null,
  utcOffset: UtcOffset,
): PendingAlert | null {
  const night = nightBefore(nowMs, morning, utcOffset)
  if (night === null) return null
  const { fromMs, untilMs, date } = night
  const months = new Set([fromMs, untilMs].map((atMs) => monthOf(atMs)))
  const stops = [...months]
    .flatMap((month) => [...ledger.book(month).stops.values()])
    .filter(({ atMs }) => fromMs <= atMs && atMs < untilMs)
  if (stops.length === 0) return null
  return {
    key: { kind: 'overnight', accountId, podId: null, episode: date },
    podName: null,
    isCritical: false,
    buttons: [],
    ...overnightText(stops, savedByAutoStop(stops, ledger.lastObservations(), nowMs)),
  }
}

/** "Overnight: 2 pods stopped, $31.92 saved". */
function overnightText(stops: readonly StoppedPod[], { usd, isAtLeast }: SavedView): AlertText {
  const pods = new Map(stops.map(({ name, saving }) => [saving.key, { name }]))
  const isKnown = usd !== null && usd > 0
  const saved = isKnown ? `, ${isAtLeast ? 'at least ' : ''}${formatUsd(usd)} saved` : ''
  return {
    title: `Overnight: ${pods.size === 1 ? '1 pod' : `${pods.size} pods`} stopped${saved}`,
    body: `Stopped or terminated by your rules: ${namesText([...pods.values()])}.${isKnown ? ' The saving is an estimate, from each stop until it was last seen to be off.' : ''}`,
    tone: 'good',
  }
}
