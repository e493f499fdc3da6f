import { isAutomaticReply } from '../../../core/terminal/terminal-input'
import { MAX_TYPED_CHARS } from '../../../shared/requests/pod/terminal-requests'

/**
 * Splits `text` into parts of at most `maxUnits` (2 or more) UTF-16 units, without splitting a surrogate
 * pair.
 */
export function splitInput(text: string, maxUnits: number): readonly string[] {
  const parts: string[] = []
  let start = 0
  while (start < text.length) {
    let end = Math.min(start + maxUnits, text.length)
    if (
      end < text.length &&
      isHighSurrogate(text.charCodeAt(end - 1)) &&
      isLowSurrogate(text.charCodeAt(end))
    )
      end -= 1
    parts.push(text.slice(start, end))
    start = end
  }
  return parts
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff

export type InputEncoding = 'text' | 'bytes'

export interface InputQueue {
  /** Sends keystrokes, and replies of the terminal to the program, which are dropped if much is unsent. */
  type(text: string, encoding: InputEncoding): void
  /** Sends a paste in parts; once a part is rejected, the remaining parts are dropped. */
  paste(text: string): void
}

/** Programs ask without limit. */
const MAX_QUEUED_REPLY_CHARS = 64 * 1024

interface QueuedInput {
  readonly text: string
  readonly encoding: InputEncoding
  /** Identifies the paste that this is a part of; null for keystrokes. */
  readonly pasteId: number | null
}

/**
 * Sends input in order, one request at a time. `send` resolves to the reason for a rejection, or to null;
 * `onRefused` is called once for all input that was rejected together.
 */
export function createInputQueue(
  send: (text: string, encoding: InputEncoding) => Promise<string | null>,
  onRefused: (reason: string) => void,
): InputQueue {
  let queue: QueuedInput[] = []
  let queuedChars = 0
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
      queuedChars = queue.reduce((sum, one) => sum + one.text.length, 0)
      onRefused(reason)
    }
    isSending = false
  }

  /** Merges keystrokes that were queued during a request. */
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
    queuedChars -= text.length
    return { ...first, text }
  }

  function enqueue(text: string, encoding: InputEncoding, pasteId: number | null): void {
    queuedChars += text.length
    queue.push(...splitInput(text, MAX_TYPED_CHARS).map((part) => ({ text: part, encoding, pasteId })))
    void drain()
  }

  return {
    type(text, encoding) {
      if (queuedChars <= MAX_QUEUED_REPLY_CHARS || !isAutomaticReply(text)) enqueue(text, encoding, null)
    },
    paste: (text) => enqueue(text, 'text', ++lastPasteId),
  }
}
