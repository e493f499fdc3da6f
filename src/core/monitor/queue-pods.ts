import { isOpen } from '../intents/intent'
import type { Monitor } from './monitor-types'
import { type AccountId, parsePodKey, type PodId, type PodKey } from '../pods/pod'
import type { Provider } from '../pods/provider'
import { fail, ok } from '../base/result'
import type { QueueOptions } from '../queue/queue-ports'
import type { QueuePod } from '../queue/schedule/schedule'
import { byPriority, fittingExperiments } from '../pods/labs/experiment-fit'
import { isIdleForLong } from '../view/pod-view'
import type { PodView } from '../view/snapshot'

/** An account that the queue may use. */
export interface QueueAccount {
  readonly accountId: string
  readonly monitor: Monitor
  /** It is unknown whether it is the account that the data folder knows, so nothing is done there automatically. */
  readonly isUnclear: boolean
  /** When it was added here, Unix ms; null: not known, such as for a key of the environment. */
  readonly addedAtMs: number | null
  /** Of a lab: whether it starts experiments itself; null: unknown. Absent: it is no lab. */
  readonly labAutoSchedule?: boolean | null
  /** Where prices are read. Null: not now. */
  readonly provider: Provider | null
}

/** After so many complete lists in a row without a pod the service is asked for it; only its 404 says that it is gone. */
const GONE_AFTER_LISTS = 4

/** What the queue knows of the pods of all accounts that are watched, and does with them. */
export type QueuePods = Pick<
  QueueOptions,
  'pods' | 'experiments' | 'isGone' | 'refreshPod' | 'costOf' | 'wantLook' | 'stopPod' | 'announce'
>

export function createQueuePods(accounts: () => readonly QueueAccount[]): QueuePods {
  const accountOf = (accountId: AccountId): QueueAccount | undefined =>
    accounts().find((one) => one.accountId === accountId)
  const find = (key: PodKey): { readonly account: QueueAccount; readonly podId: PodId } | null => {
    const { accountId, podId } = parsePodKey(key)
    const account = accountOf(accountId)
    return account === undefined ? null : { account, podId }
  }

  /** Complete lists without a pod, by the time of their request. */
  const missingIn = new Map<PodKey, Set<number>>()
  const confirmedGone = new Set<PodKey>()
  const confirming = new Set<PodKey>()

  function markListed(key: PodKey): void {
    missingIn.delete(key)
    confirmedGone.delete(key)
  }

  /** Asks the service for a pod that no list has. */
  async function confirmGone(key: PodKey, monitor: Monitor, podId: PodId): Promise<void> {
    if (confirming.has(key)) return
    confirming.add(key)
    const read = await monitor.refreshPod(podId).finally(() => confirming.delete(key))
    if (read.ok && !read.value && missingIn.has(key)) confirmedGone.add(key)
  }

  return {
    pods: () =>
      accounts().flatMap((account) => {
        const { monitor, isUnclear, labAutoSchedule, addedAtMs } = account
        const snapshot = monitor.snapshot()
        const isObserved = monitor.listing.isWatching() && !snapshot.isListPartial && !isUnclear
        return snapshot.pods.flatMap((view) => {
          const pod = monitor.listing.pod(view.id)
          if (pod === null) return []
          markListed(view.key)
          const areStopsPaused = snapshot.guard.areAutoStopsPaused || snapshot.guard.isDryRun
          const added = addedAtMs === null ? {} : { accountAddedAtMs: addedAtMs }
          return [{ ...toQueuePod(view, pod, isObserved, labAutoSchedule), ...added, areStopsPaused }]
        })
      }),
    experiments: () =>
      accounts().flatMap(({ accountId, monitor }) => {
        const { lab, pods } = monitor.snapshot()
        const queued = lab?.queue?.value ?? []
        const idle = pods.filter(isIdleForLong)
        const fitting = new Set(
          idle.flatMap((pod) => fittingExperiments(queued, gpuNameOf(pod)).map(({ id }) => id)),
        )
        return [...queued]
          .sort((a, b) => Number(fitting.has(b.id)) - Number(fitting.has(a.id)) || byPriority(a, b))
          .map((one) => ({ ...one, accountId, fitsIdlePod: fitting.has(one.id) }))
      }),
    isGone(key) {
      const found = find(key)
      if (found === null || found.account.isUnclear) return false
      const { monitor } = found.account
      const { gonePods, isListPartial, listedAtMs, pods } = monitor.snapshot()
      if (gonePods.some(({ id }) => id === found.podId)) return true
      // After a restart of the program nothing is known of pods that were gone before.
      const isMissing =
        monitor.listing.isWatching() && !isListPartial && !pods.some(({ id }) => id === found.podId)
      if (!isMissing || listedAtMs === null) return false
      const lists = missingIn.get(key) ?? new Set<number>()
      missingIn.set(key, lists.add(listedAtMs))
      if (lists.size >= GONE_AFTER_LISTS && !confirmedGone.has(key))
        void confirmGone(key, monitor, found.podId)
      return confirmedGone.has(key)
    },
    async refreshPod(key) {
      const found = find(key)
      return found !== null && (await found.account.monitor.refreshPod(found.podId)).ok
    },
    costOf(key, fromMs, toMs) {
      const found = find(key)
      return found?.account.monitor.podCost(found.podId, fromMs, toMs) ?? null
    },
    wantLook(key) {
      const found = find(key)
      if (found !== null && !found.account.isUnclear) found.account.monitor.wantLook(found.podId)
    },
    stopPod(key) {
      const found = find(key)
      if (found === null) return fail('Its account is not watched, so the pod was not stopped.')
      const stopped = found.account.monitor.act(found.podId, 'stop', {})
      return stopped.ok ? ok(undefined) : stopped
    },
    announce: (accountId, alert) => accountOf(accountId)?.monitor.announce(alert),
  }
}

/** Null for a CPU pod, and nothing fits one whose GPU isn't known. */
const gpuNameOf = ({ gpuCount, gpuName }: PodView): string | null => (gpuCount === 0 ? null : (gpuName ?? ''))

const toQueuePod = (
  view: PodView,
  pod: QueuePod['pod'],
  isObserved: boolean,
  labAutoSchedule: boolean | null | undefined,
): QueuePod => ({
  key: view.key,
  pod,
  activity: view.activity,
  guard: view.guard,
  alertAfterMs: view.alertAfterMs,
  isDoubtDecided: view.insideLook?.verdict?.kind === 'at-rest' || view.guard.rules.isLowCpuIdle === true,
  hasOpenAction: view.intent !== null && isOpen(view.intent),
  isShownElsewhere: view.shownAs !== undefined,
  isObserved,
  ...(labAutoSchedule !== undefined && { labAutoSchedule }),
})
