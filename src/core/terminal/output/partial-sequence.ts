import { concatBytes } from '../../base/concat-bytes'

/*
 * Tracks the incomplete character or escape sequence at the end of a terminal output stream. A reader that
 * takes over the stream in between needs it first, otherwise it would treat the rest as text.
 */

const ESC = 0x1b
const BEL = 0x07
const CAN = 0x18
const SUB = 0x1a

/**
 * Maximum length of the tail. Of a longer string the beginning is kept, which makes a terminal ignore the
 * rest.
 */
export const MAX_TAIL_BYTES = 64 * 1024

const NONE = new Uint8Array(0)

/** The tail after `bytes` follow `tail`. It shares no memory with them. */
export function tailAfter(tail: Uint8Array, bytes: Uint8Array): Uint8Array {
  const stream = tail.length === 0 ? bytes : concatBytes([tail, bytes])
  // An escape aborts any sequence before it.
  const escapeAt = stream.lastIndexOf(ESC)
  if (escapeAt < 0) return incompleteCharacter(stream)
  const end = endOfSequence(stream, escapeAt)
  return end === null
    ? new Uint8Array(stream.subarray(escapeAt, escapeAt + MAX_TAIL_BYTES))
    : incompleteCharacter(stream.subarray(end))
}

/** Where the sequence that starts at `escapeAt` ends; null when it is incomplete. */
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

/** Control characters within a sequence are executed without affecting it, except those that cancel it. */
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

function endOfString(stream: Uint8Array, from: number, isBellTerminated: boolean): number | null {
  for (let at = from; at < stream.length; at++) {
    const byte = stream[at] ?? 0
    if (byte === CAN || byte === SUB || (isBellTerminated && byte === BEL)) return at + 1
    // The string terminator as a single C1 character.
    if (byte === 0x9c && stream[at - 1] === 0xc2) return at + 1
  }
  return null
}

/** The bytes at the end that start but do not complete a UTF-8 character, as a copy. */
export function incompleteCharacter(stream: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, stream.length); back++) {
    const byte = stream[stream.length - back] ?? 0
    if (byte < 0x80) return NONE
    if (byte < 0xc0) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return back < length ? new Uint8Array(stream.subarray(stream.length - back)) : NONE
  }
  return NONE
}
