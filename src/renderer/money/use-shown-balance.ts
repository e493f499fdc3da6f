import type { AccountId } from '../../core/pods/pod'
import { useSnapshotStore } from '../state/window-context'
import { type ShownBalance, shownBalance } from './lowest-balance'

/** See `shownBalance`. */
export function useShownBalance(accountId: AccountId | null = null): ShownBalance | null {
  const json = useSnapshotStore((state) => JSON.stringify(shownBalance(state, accountId)))
  return JSON.parse(json) as ShownBalance | null
}
