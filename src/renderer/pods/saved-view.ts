import type { AccountId } from '../../core/pods/pod'
import { parseRecord } from '../state/parse-record'
import {
  defaultView,
  podFilters,
  podGroupings,
  podLayouts,
  podOrders,
  type PodsView,
} from '../state/arrange/pod-filter'

const STORAGE_KEY = 'podkeeper.pods-view'
const ACCOUNT_STORAGE_KEY = 'podkeeper.chosen-account'

/** The last order, filter and layout of this window, or the defaults when the stored value is missing or invalid. */
export function loadView(storage: Pick<Storage, 'getItem'>): PodsView {
  const stored = parseRecord(storage.getItem(STORAGE_KEY))
  return {
    ...defaultView,
    order: podOrders.find((order) => order === stored['order']) ?? defaultView.order,
    filter: podFilters.find((filter) => filter === stored['filter']) ?? defaultView.filter,
    isReversed: stored['isReversed'] === true,
    grouping: podGroupings.find((grouping) => grouping === stored['grouping']) ?? defaultView.grouping,
    layout: podLayouts.find((layout) => layout === stored['layout']) ?? defaultView.layout,
  }
}

/** The account that was chosen last in this window; null: all. Whether it is still there is not known yet. */
export function loadChosenAccount(storage: Pick<Storage, 'getItem'>, window: string): AccountId | null {
  return storage.getItem(`${ACCOUNT_STORAGE_KEY}.${window}`)
}

/** Errors are ignored, as in `saveView`. */
export function saveChosenAccount(
  storage: Pick<Storage, 'setItem' | 'removeItem'>,
  window: string,
  accountId: AccountId | null,
): void {
  try {
    if (accountId === null) storage.removeItem(`${ACCOUNT_STORAGE_KEY}.${window}`)
    else storage.setItem(`${ACCOUNT_STORAGE_KEY}.${window}`, accountId)
  } catch {
    // The choice stays valid until the window closes.
  }
}

/** Stores everything but the search. Errors are ignored: a full storage only loses the preference. */
export function saveView(storage: Pick<Storage, 'setItem'>, view: PodsView): void {
  try {
    storage.setItem(STORAGE_KEY, JSON.stringify({ ...view, search: undefined }))
  } catch {
    // The view stays valid until the window closes.
  }
}
