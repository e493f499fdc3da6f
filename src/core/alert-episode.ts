import type { AlertKey } from './ports'
import type { PodView, Snapshot } from './snapshot'

/** Kinds that tell of a stretch of idleness. */
const OF_IDLENESS: readonly AlertKey['kind'][] = ['idle', 'idle-reminder']

/**
 * Whether what the alert tells of is so at this moment: only then its buttons do anything. In doubt it is not.
 * Product rules, "Actions".
 */
export function isCurrent(key: AlertKey, snapshot: Snapshot): boolean {
  const pod = podOf(key, snapshot)
  if (pod === null || pod.phase !== 'running' || !OF_IDLENESS.includes(key.kind)) return false
  return pod.activity.kind === 'idle' && String(pod.activity.sinceMs) === key.episode
}

/**
 * Whether what the alert tells of is over for good, so that it need not be on the screen any more. In doubt it is not.
 * An alert without a pod, or of another kind, is a message and stays until somebody closes it.
 */
export function isOver(key: AlertKey, snapshot: Snapshot): boolean {
  if (key.podId === null || !OF_IDLENESS.includes(key.kind)) return false
  const pod = podOf(key, snapshot)
  if (pod === null || pod.phase !== 'running') return true
  if (pod.activity.kind === 'idle') return String(pod.activity.sinceMs) !== key.episode
  return pod.activity.kind === 'busy'
}

function podOf({ accountId, podId }: AlertKey, snapshot: Snapshot): PodView | null {
  if (snapshot.account?.id !== accountId) return null
  return snapshot.pods.find(({ id }) => id === podId) ?? null
}
