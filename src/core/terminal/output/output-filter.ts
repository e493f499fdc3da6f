import { concatBytes } from '../../base/concat-bytes'
import { type ControlSequence, ESC, isContinuation, isSequenceAt, readSequence } from './control-sequence'
import { incompleteCharacter } from './partial-sequence'
import type { TerminalSize } from '../terminal'

/*
 * Prepares the output of a pod for xterm.js, whose work and memory for some sequences are as large as their parameter.
 * See docs/quality.md#45-parsing.
 */

/** Longer sequences have no effect. xterm.js itself reads 32 parameters. */
const MAX_SEQUENCE_BYTES = 1_024
const MAX_PIECE_BYTES = 64 * 1024
/** About 10 ms of work. */
const MAX_PIECE_COST = 250_000
/** A character is repeated until the screen is full, and this often at most: what shares its cell is repeated too. */
const MAX_REPEATS = 4_000
/** Links are counted between pieces only. */
const STRING_COST = 200
/** A full reset creates an empty scrollback. */
const RESET_COST = 12_000
const BASE_COST = 8
/** A line feed moves the links in the scrollback, and may scroll a region. */
const LINE_FEED_COST = 64

const NONE = new Uint8Array(0)
/** Ends a sequence without effect. */
const CANCEL = Uint8Array.of(0x18)

/**
 * Returns a filter for a stream of output, which takes chunks split at any byte. It returns the output in pieces that
 * each take a limited time to parse: after each of them a terminal may pause. Counts are limited to the screen, beyond
 * which they have no effect. What is incomplete at the end of a chunk is held back, except an escape character, which
 * ends whatever is before it.
 */
export function createOutputFilter(size: () => TerminalSize): (bytes: Uint8Array) => readonly Uint8Array[] {
  let held: Uint8Array = NONE
  /** What is held stands for a sequence that is too long and is dropped. */
  let isDropping = false

  return (bytes) => {
    const data = held.length === 0 ? bytes : concatBytes([held, bytes])
    const screen = size()
    const lineFeedCost = LINE_FEED_COST + screen.rows + (screen.columns >> 2)
    const pieces: Uint8Array[] = []
    let parts: Uint8Array[] = []
    /** The first index that is not yet in a part, and that at which the piece starts. */
    let [from, pieceStart] = [held[0] === ESC ? 1 : 0, 0]
    let [at, cost] = [0, 0]
    held = NONE

    const addUntil = (end: number): void => {
      if (end <= from) return
      parts.push(data.subarray(from, end))
      from = end
    }
    const endPiece = (): void => {
      addUntil(at)
      if (parts.length > 0) pieces.push(concatBytes(parts))
      parts = []
      pieceStart = at
      cost = 0
    }

    while (at < data.length) {
      if ((cost >= MAX_PIECE_COST || at - pieceStart >= MAX_PIECE_BYTES) && !isContinuation(data[at]))
        endPiece()
      const byte = data[at] ?? 0
      if (isPlain(byte)) {
        const stop = Math.min(data.length, pieceStart + MAX_PIECE_BYTES)
        do at++
        while (at < stop && isPlain(data[at] ?? 0))
        continue
      }
      const colorEnd = byte === ESC && !isDropping ? endOfColor(data, at) : 0
      if (colorEnd > 0) {
        cost += BASE_COST
        at = colorEnd
      } else if (isSequenceAt(data, at)) {
        const sequence = readSequence(data, at)
        const bodyAt = byte === ESC ? at + 1 : at
        const isTooLong = isDropping || sequence.end - at > MAX_SEQUENCE_BYTES
        if (sequence.outcome === 'incomplete') {
          isDropping = isTooLong
          held = isTooLong ? shortened(data, sequence) : data.slice(at)
          at = bodyAt
          break
        }
        isDropping = false
        const limit = limitOf(sequence, screen)
        if (sequence.outcome === 'invalid' || isTooLong) {
          addUntil(bodyAt)
          if (byte === ESC) parts.push(CANCEL)
          from = sequence.end
        } else if (sequence.count > limit) {
          addUntil(bodyAt)
          parts.push(limited(data.subarray(at, sequence.end), limit))
          from = sequence.end
        }
        cost += costOf(sequence, Math.min(sequence.count, limit), screen)
        at = sequence.end
      } else {
        if (byte >= 0x0a && byte <= 0x0c) cost += lineFeedCost
        at++
      }
    }
    if (held.length === 0) {
      held = incompleteCharacter(data)
      at = data.length - held.length
    }
    endPiece()
    return pieces
  }
}

/** A shortcut for what most sequences of most programs are: the end of a plain color sequence (SGR), or 0. */
function endOfColor(data: Uint8Array, start: number): number {
  if (data[start + 1] !== 0x5b) return 0
  let at = start + 2
  for (let byte = data[at] ?? 0; byte >= 0x30 && byte <= 0x3b; byte = data[++at] ?? 0);
  return data[at] === 0x6d && at - start < MAX_SEQUENCE_BYTES ? at + 1 : 0
}

const isPlain = (byte: number): boolean => byte >= 0x20 && byte < 0x80

/** The beginning of a sequence, without what has no influence on where it ends. */
function shortened(data: Uint8Array, { isCsi, intermediate }: ControlSequence): Uint8Array {
  const start = isCsi ? [ESC, code('[')] : intermediate === 0 ? [ESC] : [ESC, intermediate]
  return Uint8Array.from([...start, ...incompleteCharacter(data)])
}

const code = (character: string): number => character.charCodeAt(0)
const [LINES_IN, LINES_OUT, SCROLL_UP, SCROLL_DOWN] = ['L', 'M', 'S', 'T'].map(code)
const [TAB, BACK_TAB, REPEAT] = ['I', 'Z', 'b'].map(code)

/** The largest count that makes a difference, for sequences whose work is as large as their count. */
function limitOf(
  { outcome, isCsi, final, prefix, intermediate }: ControlSequence,
  { columns, rows }: TerminalSize,
): number {
  if (outcome !== 'complete' || !isCsi || prefix !== 0 || intermediate !== 0) return Infinity
  switch (final) {
    case LINES_IN:
    case LINES_OUT:
    case SCROLL_UP:
    case SCROLL_DOWN:
      return rows
    case TAB:
    case BACK_TAB:
      return columns
    case REPEAT:
      return Math.min(columns * rows, MAX_REPEATS)
    default:
      return Infinity
  }
}

/** About how many cells the terminal touches. `count` is already limited. */
function costOf(
  { outcome, isCsi, final, prefix, intermediate }: ControlSequence,
  count: number,
  { columns, rows }: TerminalSize,
): number {
  if (outcome !== 'complete') return BASE_COST
  if (!isCsi) {
    if (final === code('c')) return RESET_COST + rows * columns
    if (final === code(']')) return STRING_COST
    return intermediate === code('#') ? rows * columns : BASE_COST + rows
  }
  if (intermediate !== 0) return BASE_COST + rows * columns
  switch (final) {
    case LINES_IN:
    case LINES_OUT:
    case SCROLL_UP:
    case SCROLL_DOWN:
      return BASE_COST + Math.max(count, 1) * rows
    case REPEAT:
      return BASE_COST + count * 31
    case code('J'):
      return BASE_COST + rows * columns
    case code('h'):
    case code('l'):
      // Switching to the other screen makes it anew.
      return BASE_COST + (prefix === 0 ? 0 : rows * columns)
    case code('m'):
      return BASE_COST
    default:
      return BASE_COST + columns
  }
}

/**
 * The sequence with another count, without its escape character. Control characters within it come first, as they take
 * effect first.
 */
function limited(sequence: Uint8Array, count: number): Uint8Array {
  const start = sequence[0] === ESC ? [] : [ESC]
  const controls = sequence.subarray(1).filter((byte) => byte < 0x20)
  return Uint8Array.from([...start, ...controls, ...Array.from(`[${count}`, code), ...sequence.subarray(-1)])
}
