import { MAX_TYPED_CHARS } from '../../../shared/terminal-requests'
import { splitInput } from './split-input'

export type InputEncoding = 'text' | 'bytes'

export interface InputQueue {
  /** Keys, and answers of the screen to the program. */
  type(text: string, encoding: InputEncoding): void
  /** All or nothing: once a part of it is refused, the rest is not sent. */
  paste(text: string): void
}

interface QueuedInput {
  readonly text: string
  readonly encoding: InputEncoding
  /** Of which paste it is a part; null: of none. */
  readonly pasteId: number | null
}

/**
 * Sends what is typed in order, one request after the other. `send` resolves to why it was refused, or to null; `refuse`
 * is told once for everything that was refused together.
 */
export function createInputQueue(
  send: (text: string, encoding: InputEncoding) => Promise<string | null>,
  onRefused: (reason: string) => void,
): InputQueue {
  let queue: QueuedInput[] = []
  let lastPasteId = 0
  let isSending = false

  async function drain(): Promise<void> {
    if (isSending) return
    isSending = true
    for (let entry = takeNext(); entry !== null; entry = takeNext()) {
      const reason = await send(entry.text, entry.encoding)
      if (reason === null) continue
      const { pasteId } = entry
      if (pasteId !== null) queue = queue.filter((one) => one.pasteId !== pasteId)
      onRefused(reason)
    }
    isSending = false
  }

  /** Keys that were struck while one was under way go together. */
  function takeNext(): QueuedInput | null {
    const first = queue.shift()
    if (first === undefined) return null
    let { text } = first
    while (first.pasteId === null) {
      const [following] = queue
      if (following === undefined || following.pasteId !== null || following.encoding !== first.encoding)
        break
      if (text.length + following.text.length > MAX_TYPED_CHARS) break
      text += following.text
      queue.shift()
    }
    return { ...first, text }
  }

  function enqueue(text: string, encoding: InputEncoding, pasteId: number | null): void {
    queue.push(...splitInput(text, MAX_TYPED_CHARS).map((part) => ({ text: part, encoding, pasteId })))
    void drain()
  }

  return {
    type: (text, encoding) => enqueue(text, encoding, null),
    paste: (text) => enqueue(text, 'text', ++lastPasteId),
  }
}
