/** What is stored about the requests of a key. `unreadable`: there is something, and nothing can be known of it. */
export type StoredUsage =
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'stored'; readonly value: unknown }

/** Where the programs of a data folder keep what they know together about the requests of one key. */
export interface KeyUsageStore {
  /** Changes whenever a program stored something. */
  stamp(): string | null
  read(): StoredUsage
  /**
   * Replaces what is stored, while no other program does. `change` returns a value that JSON can hold. False, and
   * nothing is changed, where that is not possible.
   */
  update(change: (stored: StoredUsage) => unknown): boolean
}
