import { defaultView, podFilters, podOrders, type PodsView } from '../state/pod-filter'

const STORAGE_KEY = 'podkeeper.pods-view'

/** The last order and filter of this window, or the defaults when the stored value is missing or invalid. */
export function loadView(storage: Pick<Storage, 'getItem'>): PodsView {
  const stored = parseRecord(storage.getItem(STORAGE_KEY))
  return {
    ...defaultView,
    order: podOrders.find((order) => order === stored['order']) ?? defaultView.order,
    filter: podFilters.find((filter) => filter === stored['filter']) ?? defaultView.filter,
  }
}

/** Stores order and filter, not the search. Errors are ignored: a full storage only loses the preference. */
export function saveView(storage: Pick<Storage, 'setItem'>, { order, filter }: PodsView): void {
  try {
    storage.setItem(STORAGE_KEY, JSON.stringify({ order, filter }))
  } catch {
    // The view stays valid until the window closes.
  }
}

function parseRecord(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
