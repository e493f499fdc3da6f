import { formatDuration, formatUsdPerHour } from '../base/text/format'
import type { AlertKey } from '../alerts/alert'
import { ok, type Result } from '../base/result'
import type { Intent } from '../intents/intent'
import type { Monitor } from '../monitor/monitor-types'
import { isDataKept } from '../pods/data-impact'
import type { AccountId } from '../pods/pod'
import type { PodView } from '../view/snapshot'
import { type PhoneCommand, type PhonePod, type PhoneWorld, UNDO_MS } from './offer/phone'
import type { CarriedOut } from './phone-follow'

export interface PhoneAccount {
  readonly accountId: AccountId
  readonly monitor: Monitor
}

export const notWatchedText = 'That account isn’t watched now.'

export const noAccountText = 'No account is watched now.'

/**
 * What the monitors of a program observe, for its phone channels. `refusalOf`: why an account is not answered for here,
 * as a sentence; null: it is.
 */
export function phoneWorld(
  accounts: () => readonly PhoneAccount[],
  nowMs: () => number,
  refusalOf: (accountId: AccountId) => string | null = () => null,
): PhoneWorld {
  const monitorOf = (accountId: AccountId): Monitor | undefined =>
    accounts().find((one) => one.accountId === accountId)?.monitor
  function problemOf(accountId: AccountId): string | null {
    const monitor = monitorOf(accountId)
    if (monitor === undefined) return notWatchedText
    const { connection } = monitor.snapshot()
    return connection.kind === 'live' ? refusalOf(accountId) : 'The pods can’t be read now.'
  }
  return {
    pods: () =>
      accounts().flatMap(({ accountId, monitor }) =>
        monitor
          .snapshot()
          .pods.filter((pod) => pod.accountId === accountId && pod.isFromLastRun !== true)
          .map((pod) => phonePod(pod, nowMs())),
      ),
    problemOf,
    problems() {
      const watched = accounts()
      if (watched.length === 0) return [noAccountText]
      return [...new Set(watched.flatMap(({ accountId }) => problemOf(accountId) ?? []))]
    },
    isCurrent: (alert: AlertKey) => monitorOf(alert.accountId)?.podOfAlert(alert) != null,
  }
}

function phonePod(pod: PodView, nowMs: number): PhonePod {
  const { accountId, id: podId, name, phase, startedAtMs, guard } = pod
  const { keepOn } = guard
  return {
    accountId,
    podId,
    name,
    isRunning: phase === 'running',
    startedAtMs,
    doing: doingText(pod, nowMs),
    stopProblem: stopProblemOf(pod),
    keptUntilMs: keepOn === null ? null : (keepOn.untilMs ?? Number.POSITIVE_INFINITY),
  }
}

/** See docs/product-rules.md#143-answers-from-the-phone. */
function stopProblemOf({ actions, isLocked, clusterId, stopImpact, intent }: PodView): string | null {
  if (clusterId !== null) return 'it belongs to a cluster'
  if (isLocked !== false) return isLocked === null ? 'it isn’t known whether it is locked' : 'it is locked'
  if (!actions.includes('stop')) return 'a stop isn’t offered for it now'
  // Not even where its owner lets rules lose data: nobody at a phone sees what that would be.
  if (!isDataKept(stopImpact)) return 'none of its data would survive. You can stop it in Podkeeper'
  const isUnderWay = intent !== null && ['scheduled', 'waiting', 'sent', 'accepted'].includes(intent.phase)
  return isUnderWay ? 'another action is under way' : null
}

function doingText({ phase, activity, costPerHourUsd, isPriceApproximate }: PodView, nowMs: number): string {
  if (phase !== 'running') return phase
  const price =
    costPerHourUsd === null ? '' : `, at ${formatUsdPerHour(costPerHourUsd, isPriceApproximate === true)}`
  switch (activity.kind) {
    case 'idle':
      return `idle for ${formatDuration(Math.max(0, nowMs - activity.sinceMs))}${price}`
    case 'busy':
      return `busy${price}`
    default:
      return `running${price}`
  }
}

/** Carries out what a person pressed. What was scheduled before is not scheduled again. */
export function carryOutPhone(
  { accountId, podId, podName, podStartedAtMs, id, action, person }: PhoneCommand,
  accounts: readonly PhoneAccount[],
  intentOf: (id: string) => Intent | null,
): CarriedOut {
  const monitor = accounts.find((one) => one.accountId === accountId)?.monitor
  if (monitor === undefined) return { ok: false, error: notWatchedText }
  const keptUntil = (): number | null =>
    monitor.snapshot().pods.find((pod) => pod.id === podId)?.guard.keepOn?.untilMs ?? null
  const pod = monitor.snapshot().pods.find((one) => one.id === podId)
  if (pod?.startedAtMs !== podStartedAtMs)
    return { ok: false, error: `${podName} was started again in the meantime.` }
  let done: Result<void, string>
  if (action !== 'stop') done = monitor.keepOn(podId, action === 'keep-4h' ? '4-hours' : 'morning')
  else if (intentOf(id) !== null) done = ok(undefined)
  else done = monitor.act(podId, 'stop', { id, undoMs: UNDO_MS, personName: person })
  return done.ok ? { ok: true, keptUntilMs: action === 'stop' ? null : keptUntil() } : done
}

/** Takes back what was pressed. False: it is too late. */
export function undoPhone(
  { accountId, podId, id, action, isOwnHold }: PhoneCommand,
  accounts: readonly PhoneAccount[],
): boolean {
  const monitor = accounts.find((one) => one.accountId === accountId)?.monitor
  if (monitor === undefined) return false
  if (action === 'stop') return monitor.undo(id).ok
  return isOwnHold && monitor.endKeepOn(podId).ok
}
