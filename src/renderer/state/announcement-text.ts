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
  const changed: Change[] = []
  for (const pod of next.pods) {
    const state = stateText(pod)
    if (previousStates.get(pod.key) !== state) changed.push({ name: nameIn(next, pod), state })
  }
  const knownGoneKeys = new Set(previous.gonePods.map(({ key }) => key))
  for (const pod of next.gonePods)
    if (!knownGoneKeys.has(pod.key)) changed.push({ name: nameIn(next, pod), state: GONE })
  const announced = changed.length > MAX_SENTENCES ? summary(changed) : changed.map(sentence)
  return [...announced, ...connectionSentences(previous, next)].join(' ')
}

interface Change {
  readonly name: string
  readonly state: string
}

const GONE = 'gone'
const IDLE = 'idle'

const sentence = ({ name, state }: Change): string =>
  state === GONE ? `${name} is gone.` : state === IDLE ? `${name} became idle.` : `${name}: ${state}.`

/** "5 pods became idle. 2 pods: stopped.": the states that most pods reached come first. */
function summary(changed: readonly Change[]): readonly string[] {
  const byState = new Map<string, readonly Change[]>()
  for (const one of changed) byState.set(one.state, [...(byState.get(one.state) ?? []), one])
  const groups = [...byState].sort(([, a], [, b]) => b.length - a.length)
  const sentences = groups.slice(0, MAX_SENTENCES).map(([state, pods]) => {
    const [only] = pods
    if (pods.length === 1 && only !== undefined) return sentence(only)
    if (state === GONE) return `${pods.length} pods are gone.`
    return state === IDLE ? `${pods.length} pods became idle.` : `${pods.length} pods: ${state}.`
  })
  const others = groups.slice(MAX_SENTENCES).reduce((sum, [, pods]) => sum + pods.length, 0)
  return others === 0 ? sentences : [...sentences, `${others} more ${others === 1 ? 'pod' : 'pods'} changed.`]
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
    return pod.guard.keepOn === null ? IDLE : 'idle, and kept running'
  return pod.phase === 'unknown' ? pod.rawStatus : pod.phase
}
