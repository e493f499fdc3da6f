import { type ByteBuffer, createByteBuffer } from '../../base/byte-buffer'

/*
 * Reads what `tmux -C` writes: https://github.com/tmux/tmux/wiki/Control-Mode. All of it comes from the pod, so every
 * part is bounded, and what isn't understood is dropped.
 */

export type ControlEvent =
  /** Output of a pane, byte for byte as its programs wrote it. */
  | { readonly kind: 'output'; readonly pane: number; readonly bytes: Uint8Array }
  /** The reply to a command. `isOurs`: to one of this client, in their order. */
  | { readonly kind: 'reply'; readonly isOurs: boolean; readonly isError: boolean; readonly body: Uint8Array }
  /** Any other line. */
  | { readonly kind: 'notice'; readonly text: string }

export interface ControlParser {
  /** The events of these bytes; null: there is more in one piece than tmux ever writes, and nothing is read any more. */
  push(bytes: Uint8Array): readonly ControlEvent[] | null
}

/** tmux writes lines of output of a few KB. */
const MAX_LINE_BYTES = 1024 * 1024
/** The longest reply draws 10,000 lines of history and a screen. */
const MAX_REPLY_BYTES = 16 * 1024 * 1024
const MAX_REPLY_LINES = 16_000
const MAX_NOTICE_BYTES = 4 * 1024
/** The name of a pane has a percent sign and digits. */
const MAX_PANE_DIGITS = 9

const LINE_FEED = 0x0a
const RETURN = 0x0d
const BACKSLASH = 0x5c
const PERCENT = 0x25
const OUTPUT = asciiBytes('%output %')
/** As well, with how old it is in ms, for a client that is left behind rather than waited for. */
const EXTENDED_OUTPUT = asciiBytes('%extended-output %')
const COLON = 0x3a

interface OpenReply {
  /** Time, number and flags, which the line that ends it repeats. */
  readonly guard: string
  readonly body: ByteBuffer
  lines: number
}

export function createControlParser(): ControlParser {
  const held = createByteBuffer()
  let reply: OpenReply | null = null
  let isBroken = false

  function readLine(line: Uint8Array, events: ControlEvent[]): void {
    if (reply === null) {
      const event = parseLine(line)
      if (event === null) return
      if (event.kind === 'notice') {
        const begin = /^%begin (\d+ \d+ \d+)$/.exec(event.text)
        if (begin !== null) {
          reply = { guard: begin[1] ?? '', body: createByteBuffer(), lines: 0 }
          return
        }
      }
      events.push(event)
      return
    }
    const end = line[0] === PERCENT && line.length < 100 ? /^%(end|error) (.+)$/.exec(asciiText(line)) : null
    if (end !== null && end[2] === reply.guard) {
      const isOurs = reply.guard.endsWith(' 1')
      events.push({ kind: 'reply', isOurs, isError: end[1] === 'error', body: reply.body.bytes() })
      reply = null
      return
    }
    if (reply.lines > 0) reply.body.append(FEED)
    reply.body.append(line)
    reply.lines += 1
    isBroken ||= reply.lines > MAX_REPLY_LINES || reply.body.length() > MAX_REPLY_BYTES
  }

  return {
    push(bytes) {
      const events: ControlEvent[] = []
      let from = 0
      while (!isBroken) {
        const at = bytes.indexOf(LINE_FEED, from)
        if (at < 0) break
        let line = bytes.subarray(from, at)
        if (held.length() > 0) {
          held.append(line)
          line = held.bytes()
          held.clear()
        }
        from = at + 1
        readLine(line.at(-1) === RETURN ? line.subarray(0, -1) : line, events)
      }
      held.append(bytes.subarray(from))
      isBroken ||= held.length() > MAX_LINE_BYTES
      return isBroken ? null : events
    },
  }
}

const FEED = Uint8Array.of(LINE_FEED)

function parseLine(line: Uint8Array): ControlEvent | null {
  if (line[0] !== PERCENT) return null
  for (const start of [OUTPUT, EXTENDED_OUTPUT]) {
    if (!start.every((byte, at) => line[at] === byte)) continue
    const space = line.indexOf(0x20, start.length)
    const digits = space < 0 ? 0 : space - start.length
    const isName = digits > 0 && digits <= MAX_PANE_DIGITS
    const pane = isName ? Number(asciiText(line.subarray(start.length, space))) : NaN
    // A colon separates the output from its description; the output may contain colons, too.
    const dataAt = start === OUTPUT ? space + 1 : line.indexOf(COLON, space) + 2
    if (!Number.isSafeInteger(pane) || dataAt < 2) return null
    return { kind: 'output', pane, bytes: unescapeOctal(line.subarray(dataAt)) }
  }
  return { kind: 'notice', text: asciiText(line.subarray(0, MAX_NOTICE_BYTES)) }
}

/** Control characters and backslashes are written as a backslash and three octal digits. Shares no memory. */
export function unescapeOctal(escaped: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(escaped.length)
  let length = 0
  for (let at = 0; at < escaped.length; at++) {
    const byte = escaped[at] ?? 0
    const value = byte === BACKSLASH ? octalAt(escaped, at + 1) : -1
    bytes[length++] = value < 0 ? byte : value
    if (value >= 0) at += 3
  }
  return bytes.subarray(0, length)
}

function octalAt(bytes: Uint8Array, at: number): number {
  let value = 0
  for (let i = at; i < at + 3; i++) {
    const digit = (bytes[i] ?? 0) - 0x30
    if (digit < 0 || digit > 7) return -1
    value = value * 8 + digit
  }
  return value < 256 ? value : -1
}

/** Each byte as one character. */
export function asciiText(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/** Each character, U+0000 to U+00FF, as one byte. */
export function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
