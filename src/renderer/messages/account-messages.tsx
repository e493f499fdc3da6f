import { AccountQuestion } from '../connect/account-question'
import type { AccountId } from '../../core/pods/pod'
import { accountName } from '../state/account-parts'
import type { SnapshotStoreState } from '../state/snapshot-store'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'

/** Special conditions of each account: the demo, an open question, a read-only key, a key that is not stored. */
export function AccountMessages() {
  const { bridge, snapshotStore } = useWindow()
  const isDemo = useSnapshotStore(({ snapshot }) => snapshot?.account?.isDemo ?? false)
  const accountsJson = useSnapshotStore((state) => JSON.stringify(accountConditions(state)))
  const accounts = JSON.parse(accountsJson) as ReturnType<typeof accountConditions>
  if (isDemo) {
    const leave = () => void snapshotStore.runRequest('The demo could not be left', bridge.leaveDemo())
    return (
      <Message tone="mute" actions={<Button onPress={leave}>Leave demo</Button>}>
        Demo: these pods live on this computer and cost nothing.
      </Message>
    )
  }
  return (
    <>
      <AccountQuestion />
      {accounts.map(({ id, ...account }) => (
        <Conditions key={id} {...account} />
      ))}
    </>
  )
}

interface AccountConditions {
  /** Null where there is one account. */
  readonly name: string | null
  readonly isMonitorOnly: boolean
  /** The host that is not Runpod's own. */
  readonly otherHost: string | null
  /** Why the key is asked for again after a restart. */
  readonly sessionOnlyReason: string | null
}

function Conditions({ name, isMonitorOnly, otherHost, sessionOnlyReason }: AccountConditions) {
  const label = name !== null && <b>{name}: </b>
  return (
    <>
      {isMonitorOnly && (
        <Message tone="mute">
          {label}Monitor only: Runpod refused every action so far, so this key probably may only read. To
          start and stop, give it write access in Runpod.
        </Message>
      )}
      {(sessionOnlyReason !== null || otherHost !== null) && (
        <Message tone="mute">
          {label}
          {otherHost !== null && `Connected to ${otherHost}. `}
          {sessionOnlyReason !== null && `The key is asked for again after a restart: ${sessionOnlyReason}.`}
        </Message>
      )}
    </>
  )
}

/** Of the accounts that are shown. */
function accountConditions({ snapshot, shownAccountId }: SnapshotStoreState) {
  const shown = (snapshot?.accounts ?? []).filter(
    ({ entry }) => shownAccountId === null || entry.id === shownAccountId,
  )
  return shown.flatMap(({ account }) => {
    if (account === null) return []
    const { id, isMonitorOnly, host, keyStorage } = account
    const reason = account.sessionOnlyReason ?? 'this system offers no keyring'
    const conditions: AccountConditions & { readonly id: AccountId } = {
      id,
      name: accountName(snapshot, id),
      isMonitorOnly,
      otherHost: isRunpodHost(host) ? null : host,
      sessionOnlyReason: keyStorage === 'session-only' ? reason : null,
    }
    return [conditions]
  })
}

function isRunpodHost(host: string): boolean {
  return /(^|\.)runpod\.(io|ai)(:\d+)?$/.test(host)
}
