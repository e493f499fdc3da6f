const STORAGE_KEY = 'podkeeper.palette-recent'
const MAX_RECENT = 5

/** Ids of the last choices of this window, the newest first; empty where what is stored can't be read. */
export function loadRecent(storage: Pick<Storage, 'getItem'>): readonly string[] {
  try {
    const ids: unknown = JSON.parse(storage.getItem(STORAGE_KEY) ?? '[]')
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string').slice(0, MAX_RECENT) : []
  } catch {
    return []
  }
}

/** Remembers a choice. Errors are ignored: a full storage only loses the preference. */
export function saveRecent(storage: Pick<Storage, 'getItem' | 'setItem'>, id: string): void {
  const ids = [id, ...loadRecent(storage).filter((one) => one !== id)].slice(0, MAX_RECENT)
  try {
    storage.setItem(STORAGE_KEY, JSON.stringify(ids))
  } catch {
    // It stays where it was in the list.
  }
}
