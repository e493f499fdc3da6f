import type { HistoryFiles } from '../../core/history/history-files'

/** For the demo, whose history exists only while it runs. */
export function createMemoryHistoryFiles(): HistoryFiles {
  const files = new Map<string, Uint8Array>()
  return {
    mayWrite: () => true,
    list: () => [...files.keys()],
    read: (name, offset, length) => files.get(name)?.slice(offset, offset + length) ?? null,
    replace: (name, bytes) => void files.set(name, bytes),
    append(name, bytes) {
      const before = files.get(name) ?? new Uint8Array()
      const after = new Uint8Array(before.length + bytes.length)
      after.set(before)
      after.set(bytes, before.length)
      files.set(name, after)
    },
    remove: (name) => void files.delete(name),
    compress: async (bytes) => bytes,
    expand: async (bytes) => bytes,
  }
}
