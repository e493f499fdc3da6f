/*
 * The end of a stream of terminal output that is not whole yet: a character or an escape sequence, of which the rest is to
 * come. Whoever takes the stream over in between needs it first, or takes the rest for text.
 */

const ESC = 0x1b
const BEL = 0x07
const CAN = 0x18
const SUB = 0x1a

/** The longest tail that is kept. Of a longer string it is the beginning, which makes a terminal swallow the rest. */
export const MAX_TAIL_BYTES = 64 * 1024

const NONE = new Uint8Array(0)

/** The tail once `bytes` came behind `tail`; it shares no memory with them. */
export function tailAfter(tail: Uint8Array, bytes: Uint8Array): Uint8Array {
  const stream = tail.length === 0 ? bytes : joined(tail, bytes)
  // An escape ends what was begun before it, whatever that was.
  const escapeAt = stream.lastIndexOf(ESC)
  if (escapeAt < 0) return partOfCharacter(stream)
  const end = endOfSequence(stream, escapeAt)
  return end === null
    ? new Uint8Array(stream.subarray(escapeAt, escapeAt + MAX_TAIL_BYTES))
    : partOfCharacter(stream.subarray(end))
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

/** Where the sequence whose escape is at `escapeAt` is over; null: not yet. */
function endOfSequence(stream: Uint8Array, escapeAt: number): number | null {
  const start = firstPrintable(stream, escapeAt + 1)
  const introducer = stream[start]
  if (introducer === undefined || introducer === CAN || introducer === SUB)
    return introducer === undefined ? null : start + 1
  switch (String.fromCharCode(introducer)) {
    case '[':
      return endAt(stream, start + 1, (byte) => byte >= 0x40)
    case ']':
      return endOfString(stream, start + 1, true)
    case 'P':
    case 'X':
    case '^':
    case '_':
      return endOfString(stream, start + 1, false)
    default:
      return introducer > 0x2f ? start + 1 : endAt(stream, start + 1, (byte) => byte >= 0x30)
  }
}

/** Controls within a sequence are carried out and change nothing of it, but for those that cancel it. */
function firstPrintable(stream: Uint8Array, from: number): number {
  let at = from
  for (; at < stream.length; at++) {
    const byte = stream[at] ?? 0
    if (byte >= 0x20 || byte === CAN || byte === SUB) break
  }
  return at
}

function endAt(stream: Uint8Array, from: number, isFinal: (byte: number) => boolean): number | null {
  for (let at = from; at < stream.length; at++) {
    const byte = stream[at] ?? 0
    if (byte === CAN || byte === SUB || isFinal(byte)) return at + 1
  }
  return null
}

function endOfString(stream: Uint8Array, from: number, doesBellEnd: boolean): number | null {
  for (let at = from; at < stream.length; at++) {
    const byte = stream[at] ?? 0
    if (byte === CAN || byte === SUB || (doesBellEnd && byte === BEL)) return at + 1
    // The string terminator as one character.
    if (byte === 0x9c && stream[at - 1] === 0xc2) return at + 1
  }
  return null
}

/** The bytes at the end that begin a character of UTF-8 and do not complete it; a copy. */
export function partOfCharacter(stream: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, stream.length); back++) {
    const byte = stream[stream.length - back] ?? 0
    if (byte < 0x80) return NONE
    if (byte < 0xc0) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return back < length ? new Uint8Array(stream.subarray(stream.length - back)) : NONE
  }
  return NONE
}
