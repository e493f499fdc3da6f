import { actionWords } from '../../core/intents/action-labels'
import type { PodView, Snapshot } from '../../core/view/snapshot'

const MAX_SENTENCES = 3

/**
 * What a screen reader should hear when `next` follows `previous`: pods that came, went or changed their
 * state, and the connection when it broke or came back. Nothing that only ticked.
 */
export function changesToSay(previous: Snapshot, next: Snapshot): string {
  if (previous.account?.id !== next.account?.id) return ''
  const before = new Map(previous.pods.map((pod) => [pod.id, stateOf(pod)]))
  const sentences: string[] = []
  for (const pod of next.pods) {
    const state = stateOf(pod)
    if (before.get(pod.id) !== state) sentences.push(`${pod.name}: ${state}.`)
  }
  const known = new Set(previous.tombstones.map(({ id }) => id))
  for (const { id, name } of next.tombstones) if (!known.has(id)) sentences.push(`${name} is gone.`)
  const shown = sentences.length > MAX_SENTENCES ? [`${sentences.length} pods changed.`] : sentences
  const isBroken = next.connection.kind !== 'live' && previous.connection.kind === 'live'
  const isBack = next.connection.kind === 'live' && previous.connection.kind !== 'live'
  if (isBroken) shown.push('The picture is no longer live.')
  if (isBack) shown.push('The picture is live.')
  return shown.join(' ')
}

function stateOf(pod: PodView): string {
  const { intent } = pod
  if (intent !== null) {
    if (intent.phase === 'scheduled' && intent.undoUntilMs !== null) return `${intent.action} can be undone`
    if (intent.phase === 'scheduled') return `${intent.action} waits`
    // A try a minute is nothing to hear.
    if (intent.waitsForGpu && (intent.phase === 'waiting' || intent.phase === 'sent'))
      return 'waits for a GPU'
    if (intent.phase === 'sent' || intent.phase === 'accepted')
      return actionWords[intent.action].doing.toLowerCase()
    if (intent.phase !== 'observed') return `${intent.action} ${intent.phase.replaceAll('-', ' ')}`
  }
  if (pod.phase === 'running' && pod.activity.kind === 'idle') return 'idle'
  return pod.phase === 'unknown' ? pod.rawStatus : pod.phase
}
