import { podFilters, podOrders, type PodsView, usualView } from '../state/pod-filter'

const KEY = 'podkeeper.pods-view'

/** The order and filter that this window had last; the usual ones where nothing sound was kept. */
export function readView(storage: Pick<Storage, 'getItem'>): PodsView {
  const kept = parse(storage.getItem(KEY))
  return {
    ...usualView,
    order: podOrders.find((order) => order === kept['order']) ?? usualView.order,
    filter: podFilters.find((filter) => filter === kept['filter']) ?? usualView.filter,
  }
}

/** Keeps order and filter; what was searched for is of the moment. A full disk costs no more than that. */
export function keepView(storage: Pick<Storage, 'setItem'>, { order, filter }: PodsView): void {
  try {
    storage.setItem(KEY, JSON.stringify({ order, filter }))
  } catch {
    // The view still holds until the window goes.
  }
}

function parse(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
