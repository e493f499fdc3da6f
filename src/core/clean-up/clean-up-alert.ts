import type { AlertHistory, AlertRecord } from '../alerts/alert-history'
import type { PendingAlert } from '../alerts/alert'
import { DAY_MS } from '../base/time/time'
import type { AccountId } from '../pods/pod'
import { namesText } from '../pods/pod-name'
import type { LeftoverCosts, LeftoverPod } from './clean-up-view'
import { cleanUpText } from './clean-up-text'

/** Less is not worth a reminder. */
const MIN_USD = 1
const EVERY_MS = 30 * DAY_MS
/** So that a clock that went wrong and came back finds the reminder from before. */
const REMEMBERED = 4

interface ReminderInput {
  readonly accountId: AccountId
  /** Unix ms. */
  readonly nowMs: number
  /** Null: the time is not known for certain, so nothing new is due. */
  readonly costs: LeftoverCosts | null
  readonly history: AlertHistory
}

/** The reminder of an account that is due, and those that were shown, which stay known. */
export function cleanUpAlerts({ accountId, nowMs, costs, history }: ReminderInput): readonly PendingAlert[] {
  const records = Object.values(history).filter(
    (record) => record.kind === 'clean-up' && record.accountId === accountId,
  )
  const fromNow = ({ atMs }: AlertRecord): number => Math.abs(nowMs - atMs)
  const shown = records
    .filter(({ state }) => state !== 'held')
    .sort((a, b) => fromNow(a) - fromNow(b))
    .slice(0, REMEMBERED)
  const isDue =
    costs !== null &&
    isKnown(costs) &&
    costs.total.usd >= MIN_USD &&
    !shown.some((record) => fromNow(record) < EVERY_MS)
  const remembered = shown.map(({ episode }) => alertOf(accountId, episode))
  if (!isDue) return remembered
  // One that waits for the end of quiet hours, or is switched off, stays the same one.
  const held = records.find((record) => record.state === 'held' && fromNow(record) < EVERY_MS)
  const episode = held?.episode ?? String(nowMs)
  return [...remembered, { ...alertOf(accountId, episode), ...reminderText(costs) }]
}

/** A sum without the pods, or without volumes that are about to be read, would be that of the whole month. */
const isKnown = ({ pods, volumes }: LeftoverCosts): boolean =>
  pods.kind === 'read' && !(volumes?.kind === 'unknown' && volumes.isPending === true)

const alertOf = (accountId: AccountId, episode: string): PendingAlert => ({
  key: { kind: 'clean-up', accountId, podId: null, episode },
  podName: null,
  title: '',
  body: '',
  tone: 'plain',
  isCritical: false,
  buttons: [],
})

type CostlyItem = Pick<LeftoverPod, 'name' | 'perMonthUsd'>

function reminderText({ volumes, pods, total }: LeftoverCosts): Pick<PendingAlert, 'title' | 'body'> {
  const items: readonly CostlyItem[] = [
    ...(volumes?.kind === 'read' ? volumes.items : []),
    ...(pods.kind === 'read' ? pods.items : []),
  ]
  const costly = items
    .filter(({ perMonthUsd }) => perMonthUsd !== 0)
    .sort((a, b) => (b.perMonthUsd ?? 0) - (a.perMonthUsd ?? 0))
  return { title: cleanUpText.reminderTitle(total), body: namesText(costly, 3) }
}
