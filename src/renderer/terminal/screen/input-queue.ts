import { MAX_TYPED_CHARS } from '../../../shared/terminal-requests'
import { splitTyped } from './split-typed'

export type TypedAs = 'text' | 'bytes'

export interface Typist {
  /** Keys, and answers of the screen to the program. */
  type(text: string, as: TypedAs): void
  /** All or nothing: once a part of it is refused, the rest is not sent. */
  paste(text: string): void
}

interface Entry {
  readonly text: string
  readonly as: TypedAs
  /** Of which paste it is a part; null: of none. */
  readonly paste: number | null
}

/**
 * Sends what is typed in order, one request after the other. `send` resolves to why it was refused, or to null; `refuse`
 * is told once for everything that was refused together.
 */
export function createTypist(
  send: (text: string, as: TypedAs) => Promise<string | null>,
  refuse: (reason: string) => void,
): Typist {
  let queue: Entry[] = []
  let pastes = 0
  let isSending = false

  async function run(): Promise<void> {
    if (isSending) return
    isSending = true
    for (let entry = next(); entry !== null; entry = next()) {
      const reason = await send(entry.text, entry.as)
      if (reason === null) continue
      const { paste } = entry
      if (paste !== null) queue = queue.filter((one) => one.paste !== paste)
      refuse(reason)
    }
    isSending = false
  }

  /** Keys that were struck while one was under way go together. */
  function next(): Entry | null {
    const first = queue.shift()
    if (first === undefined) return null
    let { text } = first
    while (first.paste === null) {
      const [second] = queue
      if (second === undefined || second.paste !== null || second.as !== first.as) break
      if (text.length + second.text.length > MAX_TYPED_CHARS) break
      text += second.text
      queue.shift()
    }
    return { ...first, text }
  }

  function add(text: string, as: TypedAs, paste: number | null): void {
    queue.push(...splitTyped(text, MAX_TYPED_CHARS).map((part) => ({ text: part, as, paste })))
    void run()
  }

  return {
    type: (text, as) => add(text, as, null),
    paste: (text) => add(text, 'text', ++pastes),
  }
}
