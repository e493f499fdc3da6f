import { concatBytes } from '../../core/base/concat-bytes'

/** The output of a session, for a reader who may not be there yet. */
export interface ControlOutput {
  /** Output of a pane; `flush` delivers what was added as one piece, since a pod may send it byte by byte. */
  add(bytes: Uint8Array): void
  flush(): void
  deliver(bytes: Uint8Array): void
  /** What was not read is drawn anew. */
  forget(): void
  hasReader(): boolean
  read(listener: (bytes: Uint8Array) => void): void
}

/** That nobody reads yet. */
const MAX_QUEUED_BYTES = 16 * 1024 * 1024

export function createControlOutput(onTooMuch: () => void): ControlOutput {
  let added: Uint8Array[] = []
  let queue: Uint8Array[] = []
  let queuedBytes = 0
  let reader: ((bytes: Uint8Array) => void) | null = null

  function deliver(bytes: Uint8Array): void {
    if (reader !== null) return reader(bytes)
    queue.push(bytes)
    queuedBytes += bytes.length
    if (queuedBytes > MAX_QUEUED_BYTES) onTooMuch()
  }

  return {
    add: (bytes) => void added.push(bytes),
    flush() {
      if (added.length > 0) deliver(concatBytes(added.splice(0)))
    },
    deliver,
    forget() {
      queue = []
      queuedBytes = 0
    },
    hasReader: () => reader !== null,
    read(listener) {
      const unread = queue
      reader = listener
      queue = []
      queuedBytes = 0
      for (const bytes of unread) listener(bytes)
    },
  }
}
