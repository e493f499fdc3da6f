import { toTrailSamples } from '../../core/history/earlier-usage'
import { TRAIL_MS } from '../../core/idle/usage-trail'
import type { Monitor } from '../../core/monitor/monitor-types'
import { type AccountId, parsePodKey, type PodId, type PodKey } from '../../core/pods/pod'
import type { UsageHistories } from '../../node/usage-histories'
import type { KeyedPodHistory } from '../../shared/ipc'

export interface PodHistoriesOptions {
  readonly monitor: (accountId: AccountId) => Monitor | null
  readonly usageHistories: Pick<UsageHistories, 'reader'>
  readonly nowMs: () => number
}

/**
 * Returns what reads the trails of pods. What was recorded before their account was watched is read once, when
 * a window shows them: see docs/product-rules.md#71-windows.
 */
export function createPodHistories({ monitor, usageHistories, nowMs }: PodHistoriesOptions) {
  const restorations = new WeakMap<Monitor, Map<PodId, Promise<void>>>()

  async function restore(accountId: AccountId, podIds: readonly PodId[]): Promise<void> {
    const watch = monitor(accountId)
    if (watch === null) return
    const restored = restorations.get(watch) ?? new Map<PodId, Promise<void>>()
    restorations.set(watch, restored)
    const due = watch.histories(podIds.filter((podId) => !restored.has(podId))).map(({ podId }) => podId)
    const restoring = due.length === 0 ? null : readEarlierUsage(accountId, watch, due)
    if (restoring !== null) for (const podId of due) restored.set(podId, restoring)
    await Promise.all(podIds.map((podId) => restored.get(podId) ?? Promise.resolve()))
  }

  async function readEarlierUsage(accountId: AccountId, watch: Monitor, podIds: readonly PodId[]) {
    const toMs = nowMs()
    const found = await usageHistories.reader(accountId).samplesOf(podIds, toMs - TRAIL_MS, toMs)
    for (const pod of watch.accountPods().pods) {
      const earlier = found.get(pod.id)
      if (earlier !== undefined) watch.addEarlierUsage(pod.id, toTrailSamples(earlier, pod))
    }
  }

  return async (podKeys: readonly PodKey[]): Promise<readonly KeyedPodHistory[]> => {
    const podIds = new Map<AccountId, PodId[]>()
    for (const { accountId, podId } of podKeys.map(parsePodKey))
      podIds.set(accountId, [...(podIds.get(accountId) ?? []), podId])
    await Promise.all([...podIds].map(([accountId, own]) => restore(accountId, own)))
    return podKeys.flatMap((key) => {
      const { accountId, podId } = parsePodKey(key)
      return (monitor(accountId)?.histories([podId]) ?? []).map((history) => ({ ...history, key }))
    })
  }
}
