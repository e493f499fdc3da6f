import { accountName } from '../../core/view/account-name'
import { actionText } from '../../core/intents/action-text'
import type { AccountId } from '../../core/pods/pod'
import type { ConnectionView } from '../../core/polling/connection'
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
    if (previousStates.get(pod.key) !== state) sentences.push(`${nameIn(next, pod)}: ${state}.`)
  }
  const knownGoneKeys = new Set(previous.gonePods.map(({ key }) => key))
  for (const pod of next.gonePods)
    if (!knownGoneKeys.has(pod.key)) sentences.push(`${nameIn(next, pod)} is gone.`)
  const announced = sentences.length > MAX_SENTENCES ? [`${sentences.length} pods changed.`] : sentences
  return [...announced, ...connectionSentences(previous, next)].join(' ')
}

function connectionSentences(previous: Snapshot, next: Snapshot): readonly string[] {
  if (next.accounts.length < 2) return connectionSentence('Data', previous.connection, next.connection)
  return next.accounts.flatMap(({ entry, connection }, index) => {
    const before = previous.accounts[index]
    return before === undefined ? [] : connectionSentence(entry.name, before.connection, connection)
  })
}

function connectionSentence(
  subject: string,
  previous: ConnectionView,
  next: ConnectionView,
): readonly string[] {
  const isBroken = next.kind !== 'live' && previous.kind === 'live'
  const isBack = next.kind === 'live' && previous.kind !== 'live'
  return isBroken ? [`${subject} is no longer live.`] : isBack ? [`${subject} is live.`] : []
}

/** The pod's name, with that of its account where there are several. */
function nameIn(
  snapshot: Snapshot,
  { name, accountId }: { readonly name: string; readonly accountId: AccountId },
) {
  const account = accountName(snapshot, accountId)
  return account === null ? name : `${name} in ${account}`
}

const accountIds = ({ accounts }: Snapshot): string => accounts.map(({ entry }) => entry.id).join(' ')

function stateText(pod: PodView): string {
  const { intent } = pod
  if (intent !== null) {
    if (intent.phase === 'scheduled' && intent.undoUntilMs !== null) return `${intent.action} can be undone`
    if (intent.phase === 'scheduled') return `${intent.action} waits`
    // A retry every minute would be noise.
    if (intent.waitsForGpu && (intent.phase === 'waiting' || intent.phase === 'sent'))
      return 'waiting for a GPU'
    if (intent.phase === 'sent' || intent.phase === 'accepted')
      return actionText[intent.action].doing.toLowerCase()
    if (intent.phase === 'cancelled') return `${intent.action} canceled`
    if (intent.phase !== 'observed') return `${intent.action} ${intent.phase.replaceAll('-', ' ')}`
  }
  if (pod.phase === 'running' && pod.activity.kind === 'idle')
    return pod.guard.keepOn === null ? 'idle' : 'idle, and kept running'
  return pod.phase === 'unknown' ? pod.rawStatus : pod.phase
}
