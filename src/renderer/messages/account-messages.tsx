import { AccountQuestion } from '../connect/account-question'
import type { AccountView } from '../../core/view/snapshot'
import type { SnapshotStoreState } from '../state/snapshot-store'
import { isDemo } from '../state/account-parts'
import { useSnapshotStore } from '../state/window-context'
import { Message } from '../ui/message'
import { accountMessagesText } from './messages-text'

/** Special conditions of each account: an open question, a read-only key, a key that is not stored. */
export function AccountMessages() {
  const isInDemo = useSnapshotStore(({ snapshot }) => isDemo(snapshot))
  const conditionsJson = useSnapshotStore((state) => JSON.stringify(shownConditions(state)))
  const conditions = JSON.parse(conditionsJson) as NamedConditions[]
  if (isInDemo) return null
  return (
    <>
      <AccountQuestion />
      {conditions.map((one) => (
        <ConditionMessages key={JSON.stringify(one)} {...one} />
      ))}
    </>
  )
}

interface Conditions {
  readonly isMonitorOnly: boolean
  /** The host that is not Runpod's own. */
  readonly otherHost: string | null
  /** Why the key is asked for again after a restart. */
  readonly sessionOnlyReason: string | null
}

interface NamedConditions extends Conditions {
  /** Of the accounts for which this holds; null where it holds for all that are shown. */
  readonly names: string | null
}

function ConditionMessages({ names, isMonitorOnly, otherHost, sessionOnlyReason }: NamedConditions) {
  const label = names !== null && <b>{names}: </b>
  return (
    <>
      {isMonitorOnly && (
        <Message tone="mute">
          {label}
          {accountMessagesText.monitorOnly}
        </Message>
      )}
      {(sessionOnlyReason !== null || otherHost !== null) && (
        <Message tone="mute">
          {label}
          {otherHost !== null && `${accountMessagesText.otherHost(otherHost)} `}
          {sessionOnlyReason !== null && accountMessagesText.sessionOnly(sessionOnlyReason)}
        </Message>
      )}
    </>
  )
}

/** A message that several shown accounts share is shown once. */
function shownConditions({ snapshot, shownAccountId }: SnapshotStoreState): readonly NamedConditions[] {
  const shown = (snapshot?.accounts ?? []).filter(
    ({ entry }) => shownAccountId === null || entry.id === shownAccountId,
  )
  const namesOf = new Map<string, string[]>()
  for (const { account, entry } of shown) {
    if (account === null) continue
    const conditions = JSON.stringify(conditionsOf(account))
    namesOf.set(conditions, [...(namesOf.get(conditions) ?? []), entry.name])
  }
  const connectedCount = shown.filter(({ account }) => account !== null).length
  return [...namesOf].map(([conditions, names]) => ({
    ...(JSON.parse(conditions) as Conditions),
    names: names.length === connectedCount ? null : namesText(names),
  }))
}

const MAX_NAMES = 3

const namesText = (names: readonly string[]): string =>
  names.length > MAX_NAMES ? accountMessagesText.accounts(names.length) : names.join(', ')

function conditionsOf({ isMonitorOnly, host, keyStorage, sessionOnlyReason }: AccountView): Conditions {
  return {
    isMonitorOnly,
    otherHost: isRunpodHost(host) ? null : host,
    sessionOnlyReason:
      keyStorage === 'session-only' ? (sessionOnlyReason ?? accountMessagesText.noKeyring) : null,
  }
}

function isRunpodHost(host: string): boolean {
  return /(^|\.)runpod\.(io|ai)(:\d+)?$/.test(host)
}
