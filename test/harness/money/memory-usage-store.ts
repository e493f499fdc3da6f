import type { KeyUsageStore } from '../../../src/core/pods/key-usage-store'

/** A store that can be damaged, or full. Values pass through JSON, as in a file. */
export function createMemoryUsageStore(): KeyUsageStore & {
  text: string | null
  isFull: boolean
  writes: number
} {
  const store = {
    text: null as string | null,
    isFull: false,
    writes: 0,
    stamp: () => `${store.writes} ${store.text}`,
    read() {
      if (store.text === null) return { kind: 'none' } as const
      try {
        return { kind: 'stored', value: JSON.parse(store.text) as unknown } as const
      } catch {
        return { kind: 'unreadable' } as const
      }
    },
    update(change: Parameters<KeyUsageStore['update']>[0]) {
      if (store.isFull) return false
      store.text = JSON.stringify(change(store.read()))
      store.writes += 1
      return true
    },
  }
  return store
}
