import { parseJson } from '../../../core/base/parse-json'

const STORAGE_KEY = 'podkeeper.favorite-gpus'
const MAX_FAVORITES = 100

/** Ids of the GPU types that the person marked; none where the stored value is missing or invalid. */
export function loadFavorites(storage: Pick<Storage, 'getItem'>): readonly string[] {
  const stored = parseJson(storage.getItem(STORAGE_KEY) ?? '')
  if (!Array.isArray(stored)) return []
  return stored.filter((id): id is string => typeof id === 'string').slice(0, MAX_FAVORITES)
}

/** Errors are ignored: a full storage only loses the preference. */
export function saveFavorites(storage: Pick<Storage, 'setItem'>, ids: readonly string[]): void {
  try {
    storage.setItem(STORAGE_KEY, JSON.stringify(ids.slice(0, MAX_FAVORITES)))
  } catch {
    // They stay valid until the window closes.
  }
}
