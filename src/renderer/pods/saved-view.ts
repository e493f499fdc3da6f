import { defaultView, podFilters, podOrders, type PodsView } from '../state/pod-filter'

const STORAGE_KEY = 'podkeeper.pods-view'

/** The order and filter that this window had last; the usual ones where nothing sound was kept. */
export function loadView(storage: Pick<Storage, 'getItem'>): PodsView {
  const stored = parseRecord(storage.getItem(STORAGE_KEY))
  return {
    ...defaultView,
    order: podOrders.find((order) => order === stored['order']) ?? defaultView.order,
    filter: podFilters.find((filter) => filter === stored['filter']) ?? defaultView.filter,
  }
}

/** Keeps order and filter; what was searched for is of the moment. A full disk costs no more than that. */
export function saveView(storage: Pick<Storage, 'setItem'>, { order, filter }: PodsView): void {
  try {
    storage.setItem(STORAGE_KEY, JSON.stringify({ order, filter }))
  } catch {
    // The view still holds until the window goes.
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
