import type { Activity } from '../../idle/activity'
import { noGuard } from '../../guard/guard-view'
import { type AccountId, podKeyOf } from '../../pods/pod'
import type { ConnectionView } from '../../polling/connection'
import type { AccountSnapshot } from '../merge-snapshots'
import { preferredColor } from '../pod-colors'
import type { PodView, Snapshot } from '../snapshot'
import { type LastPod, type LastSnapshot, MAX_TEXT, parseLastSnapshot } from './last-snapshot-codec'

/**
 * An account as windows show it until its pods are listed for the first time: with the pods that it had when they were
 * listed last, in an earlier run. Nothing was observed of them in this run, so nothing can be done with them, and
 * nothing but the windows may be given the result. See docs/product-rules.md#72-before-the-first-list.
 */
export function withLastSnapshot(
  account: AccountSnapshot,
  last: LastSnapshot | null,
  nowMs: number,
): AccountSnapshot {
  const { entry, snapshot } = account
  if (last === null || last.accountId !== entry.id) return account
  if (entry.isDemo || entry.isPaused || snapshot.listedAtMs !== null) return account
  const { listedAtMs, burn, pods } = last
  // The clock was set back since. The time of the list is unknown then.
  if (listedAtMs > nowMs) return account
  const connection = shownConnection(snapshot.connection)
  if (connection === null) return account
  const shownPods = pods.map((pod) => toPodView(entry.id, pod))
  return { entry, snapshot: { ...snapshot, connection, listedAtMs, burn: toBurn(burn), pods: shownPods } }
}

/** Null: without a key that can be used, nothing of the account is shown. */
function shownConnection(connection: ConnectionView): ConnectionView | null {
  if (connection.kind !== 'no-account') return connection
  return connection.keptKey?.isAsked === true ? { kind: 'connecting', isAskingKeyring: true } : null
}

function toPodView(accountId: AccountId, pod: LastPod): PodView {
  const { keepOn, activity, isPriceApproximate, ...same } = pod
  const key = podKeyOf(accountId, pod.id)
  return {
    ...same,
    ...(isPriceApproximate === true && { isPriceApproximate }),
    accountId,
    key,
    color: preferredColor(key),
    isFromLastRun: true,
    activity: toActivity(activity),
    guard: { ...noGuard, keepOn },
    actions: [],
    sshRoute: null,
    intent: null,
    insideLook: null,
    money: null,
    uptimeS: null,
    stopImpact: [],
    terminateImpact: [],
  }
}

function toActivity(activity: LastPod['activity']): Activity {
  switch (activity.kind) {
    case 'busy':
      return { ...activity, partlyIdle: null }
    case 'idle':
      return { ...activity, quietForMs: 0, evidence: null }
    case 'unknown':
      return { ...activity, sinceMs: null }
  }
}

const toBurn = ({ isApproximate, ...burn }: LastSnapshot['burn']): Snapshot['burn'] =>
  isApproximate === true ? { ...burn, isApproximate } : burn

/**
 * What is kept of each account whose pods were listed in this run, of a snapshot of all accounts. Accounts with
 * something that could not be read again are left out.
 */
export function lastSnapshotsOf({
  accounts,
  pods,
}: Pick<Snapshot, 'accounts' | 'pods'>): readonly LastSnapshot[] {
  const podsOf = new Map<AccountId, PodView[]>()
  for (const pod of pods) {
    const own = podsOf.get(pod.accountId)
    if (own === undefined) podsOf.set(pod.accountId, [pod])
    else own.push(pod)
  }
  return accounts.flatMap(({ entry, listedAtMs, isListPartial, burn }) => {
    if (listedAtMs === null || isListPartial || entry.isDemo || entry.isPaused) return []
    const own = podsOf.get(entry.id) ?? []
    return parseLastSnapshot({ accountId: entry.id, listedAtMs, burn, pods: own.map(toLastPod) }) ?? []
  })
}

/** What doesn't belong to a `LastPod` is left out when it is parsed. */
const toLastPod = (pod: PodView): object => ({
  ...pod,
  name: pod.name.slice(0, MAX_TEXT),
  statusReason: pod.statusReason?.slice(0, MAX_TEXT) ?? null,
  keepOn: pod.guard.keepOn,
})

/** Whether something changed that is worth a write: anything but figures that change with each list. */
export function isWorthSaving(before: LastSnapshot | undefined, now: LastSnapshot): boolean {
  return before === undefined || lastingPart(before) !== lastingPart(now)
}

const lastingPart = ({ burn, pods }: LastSnapshot): string =>
  JSON.stringify([
    burn,
    pods.map(({ activity, ...pod }) => ({
      ...pod,
      activity: activity.kind,
      costSinceStartUsd: 0,
      idleCostUsd: 0,
      utilPercent: 0,
      cpuUtilPercent: 0,
      memoryUtilPercent: 0,
      gpus: [],
    })),
  ])
