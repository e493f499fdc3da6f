import { actionText } from '../../core/intents/action-text'
import type { PodView, Snapshot } from '../../core/view/snapshot'

const MAX_SENTENCES = 3

/**
 * What a screen reader announces when `next` follows `previous`: pods that appeared, disappeared or changed
 * state, and a lost or restored connection. Changed figures are not announced.
 */
export function announcementText(previous: Snapshot, next: Snapshot): string {
  if (accountIds(previous) !== accountIds(next)) return ''
  const previousStates = new Map(previous.pods.map((pod) => [pod.key, stateText(pod)]))
  const sentences: string[] = []
  for (const pod of next.pods) {
    const state = stateText(pod)
    if (previousStates.get(pod.key) !== state) sentences.push(`${pod.name}: ${state}.`)
  }
  const knownGoneKeys = new Set(previous.gonePods.map(({ key }) => key))
  for (const { key, name } of next.gonePods) if (!knownGoneKeys.has(key)) sentences.push(`${name} is gone.`)
  const announced = sentences.length > MAX_SENTENCES ? [`${sentences.length} pods changed.`] : sentences
  const isBroken = next.connection.kind !== 'live' && previous.connection.kind === 'live'
  const isBack = next.connection.kind === 'live' && previous.connection.kind !== 'live'
  if (isBroken) announced.push('The picture is no longer live.')
  if (isBack) announced.push('The picture is live.')
  return announced.join(' ')
}

const accountIds = ({ accounts }: Snapshot): string => accounts.map(({ entry }) => entry.id).join(' ')

function stateText(pod: PodView): string {
  const { intent } = pod
  if (intent !== null) {
    if (intent.phase === 'scheduled' && intent.undoUntilMs !== null) return `${intent.action} can be undone`
    if (intent.phase === 'scheduled') return `${intent.action} waits`
    // A retry every minute would be noise.
    if (intent.waitsForGpu && (intent.phase === 'waiting' || intent.phase === 'sent'))
      return 'waits for a GPU'
    if (intent.phase === 'sent' || intent.phase === 'accepted')
      return actionText[intent.action].doing.toLowerCase()
    if (intent.phase !== 'observed') return `${intent.action} ${intent.phase.replaceAll('-', ' ')}`
  }
  if (pod.phase === 'running' && pod.activity.kind === 'idle')
    return pod.guard.keepOn === null ? 'idle' : 'idle, and kept on'
  return pod.phase === 'unknown' ? pod.rawStatus : pod.phase
}
