/** One event of a stream of server-sent events. */
export interface ServerEvent {
  /** The id that the stream had by then; '' when it had none. */
  readonly id: string
  readonly data: string
}

export interface EventParser {
  /** The events that these bytes complete, and how many were too long and are left out. */
  push(bytes: Uint8Array): { readonly events: readonly ServerEvent[]; readonly tooLongCount: number }
}

/** The most characters of one event. What is longer is left out, and never in memory as a whole. */
export const MAX_EVENT_CHARS = 1024 * 1024

/**
 * Parses server-sent events as the HTML standard says, from bytes that may be cut anywhere, within characters and line
 * breaks too. An event that was not completed is never returned.
 */
export function createEventParser(maxChars = MAX_EVENT_CHARS): EventParser {
  const decoder = new TextDecoder()
  let rest = ''
  let isAfterCr = false
  let id = ''
  let data: string[] = []
  let chars = 0
  let isTooLong = false

  function takeLine(line: string): ServerEvent | 'too-long' | null {
    if (line === '') return complete()
    chars += line.length
    if (chars > maxChars) isTooLong = true
    if (isTooLong) {
      data = []
      return null
    }
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'data') data.push(value)
    else if (field === 'id' && !value.includes('\0')) id = value
    return null
  }

  function complete(): ServerEvent | 'too-long' | null {
    const lines = data
    const wasTooLong = isTooLong
    data = []
    chars = 0
    isTooLong = false
    if (wasTooLong) return 'too-long'
    return lines.length === 0 ? null : { id, data: lines.join('\n') }
  }

  return {
    push(bytes) {
      const events: ServerEvent[] = []
      let tooLongCount = 0
      let text = decoder.decode(bytes, { stream: true })
      if (isAfterCr && text !== '') {
        if (text.startsWith('\n')) text = text.slice(1)
        isAfterCr = false
      }
      let from = 0
      for (const { index, 0: lineBreak } of text.matchAll(/\r\n|\r|\n/g)) {
        const event = takeLine(rest + text.slice(from, index))
        rest = ''
        if (event === 'too-long') tooLongCount += 1
        else if (event !== null) events.push(event)
        from = index + lineBreak.length
      }
      if (text !== '') isAfterCr = from === text.length && text.endsWith('\r')
      rest += text.slice(from)
      if (chars + rest.length > maxChars) {
        // Its end is still to come. Until then nothing of it is kept.
        isTooLong = true
        data = []
        rest = ':'
      }
      return { events, tooLongCount }
    },
  }
}
