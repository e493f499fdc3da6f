import { MINUTE_MS } from '../../core/base/time/time'
import type { Monitor } from '../../core/monitor/monitor-types'
import { type AccountId, type PodKey, podKeyOf } from '../../core/pods/pod'
import type { PodView, Snapshot } from '../../core/view/snapshot'
import type { Terminals } from './terminals-types'

/** A pod that offers Runpod's proxy only cannot be tried, so it counts as reachable once it ran for so long. */
const PROXY_AFTER_MS = 2 * MINUTE_MS

export interface TabFollowerOptions {
  readonly terminals: Pick<Terminals, 'moveTabs'>
  readonly monitor: (accountId: AccountId) => Pick<Monitor, 'claimTabs'> | null
}

/**
 * Moves terminal tabs of a pod that was rebuilt to the new one, once that can be reached. It is written down first, so
 * that a crash never moves them twice. Call with each snapshot. See docs/product-rules.md#114-rebuild-elsewhere.
 */
export function createTabFollower({ terminals, monitor }: TabFollowerOptions) {
  /** Pods whose SSH server was tried and has not answered. The tracker gives up on them after a while. */
  const unanswered = new Set<PodKey>()

  return ({ creates, pods, atMs }: Pick<Snapshot, 'creates' | 'pods' | 'atMs'>): void => {
    for (const { id, accountId, podId, replacesPodId, awaitsTabs } of creates ?? []) {
      if (!awaitsTabs || podId === null || replacesPodId === null) continue
      const to = podKeyOf(accountId, podId)
      const pod = pods.find(({ key }) => key === to)
      if (pod?.progress?.steps.ssh === 'now') unanswered.add(to)
      if (pod?.progress?.steps.ssh === 'done') unanswered.delete(to)
      if (pod === undefined || !isReachable(pod, atMs)) continue
      if (pod.progress === undefined && unanswered.has(to)) continue
      const claimed = monitor(accountId)?.claimTabs(id)
      if (claimed?.ok === true)
        terminals.moveTabs(podKeyOf(accountId, replacesPodId), to, claimed.value ?? [])
    }
  }
}

/** Whether an SSH server answered there, or nobody can tell any more. */
function isReachable(
  {
    phase,
    sshRoute,
    progress,
    startedAtMs,
    container,
  }: Pick<PodView, 'phase' | 'sshRoute' | 'progress' | 'startedAtMs' | 'container'>,
  nowMs: number,
): boolean {
  if (phase !== 'running' || sshRoute === null || container?.kind === 'starting') return false
  if (progress === undefined || progress.steps.ssh === 'done') return true
  if (progress.steps.ssh !== 'unknown' || sshRoute !== 'proxy') return false
  return startedAtMs !== null && nowMs - startedAtMs >= PROXY_AFTER_MS
}
