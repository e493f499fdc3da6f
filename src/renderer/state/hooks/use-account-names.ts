import type { AccountId } from '../../../core/pods/pod'
import { useSnapshotStore } from '../window-context'

/** What a person calls the accounts; empty where there is only one, which needs no name. */
export function useAccountNames(): Readonly<Record<AccountId, string>> {
  const namesJson = useSnapshotStore(({ snapshot }) => {
    const accounts = snapshot?.accounts ?? []
    return JSON.stringify(
      Object.fromEntries(accounts.length < 2 ? [] : accounts.map(({ entry }) => [entry.id, entry.name])),
    )
  })
  return JSON.parse(namesJson) as Record<AccountId, string>
}
