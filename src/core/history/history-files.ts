/** The files of the history of one account. All but `mayWrite` may throw errors of the file system. */
export interface HistoryFiles {
  /** False: another program writes them. */
  mayWrite(): boolean
  /** The names of all files; none where there is no folder yet. */
  list(): readonly string[]
  /** Up to `length` bytes from `offset` on; null where there is no such file. */
  read(name: string, offset: number, length: number): Uint8Array | null
  /** Replaces a file as a whole: a crash leaves the old or the new one. */
  replace(name: string, bytes: Uint8Array): void
  /** Adds to the end of a file, which is created if necessary: everything, or nothing where that is possible. */
  append(name: string, bytes: Uint8Array): void
  remove(name: string): void
  compress(bytes: Uint8Array): Promise<Uint8Array>
  /** Rejects what is damaged, and what would be larger than `maxBytes`. */
  expand(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array>
}
