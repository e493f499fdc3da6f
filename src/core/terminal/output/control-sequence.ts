/*
 * Finds the end of a control sequence in the output of a pod, and its first parameter, the way xterm.js parses it:
 * https://vt100.net/emu/dec_ansi_parser.
 */

export const ESC = 0x1b
const CAN = 0x18
const SUB = 0x1a
const DEL = 0x7f
/** A C1 control character in UTF-8 is this byte and one from 0x80 to 0x9f. */
const C1_LEAD = 0xc2
const C1_CSI = 0x9b

/** Enough for any parameter that is used as one, and small enough to calculate with. */
const MAX_COUNT = 1_000_000

export interface ControlSequence {
  /**
   * `complete`: it has a final byte. `aborted`: it ends without effect. `invalid`: as well, but terminals disagree
   * about that, so that it must not reach one. `incomplete`: the rest is still to come.
   */
  readonly outcome: 'complete' | 'aborted' | 'invalid' | 'incomplete'
  /** The index of the byte after it. */
  readonly end: number
  /** Whether it is a CSI sequence. Otherwise it is a plain escape sequence or introduces a string. */
  readonly isCsi: boolean
  /** Its last byte, if it is complete. */
  readonly final: number
  /** One of `<=>?` in front of the parameters; 0 if there is none. */
  readonly prefix: number
  /** The last intermediate byte; 0 if there is none. */
  readonly intermediate: number
  /** The first parameter; 0 if it is absent, at most a million. */
  readonly count: number
}

/** Whether a control sequence starts at this index: with ESC, or with CSI as one character. */
export const isSequenceAt = (data: Uint8Array, at: number): boolean =>
  data[at] === ESC || (data[at] === C1_LEAD && data[at + 1] === C1_CSI)

/** Reads the sequence that starts at index `start`. */
export function readSequence(data: Uint8Array, start: number): ControlSequence {
  let isCsi = data[start] !== ESC
  let [prefix, intermediate, count] = [0, 0, 0]
  let isCounting = true
  const result = (outcome: ControlSequence['outcome'], end: number, final = 0): ControlSequence => ({
    outcome,
    end,
    isCsi,
    final,
    prefix,
    intermediate,
    count,
  })
  for (let at = start + (isCsi ? 2 : 1); at < data.length; at++) {
    const byte = data[at] ?? 0
    if (byte === ESC) return result('aborted', at)
    if (byte === CAN || byte === SUB) return result('aborted', at + 1)
    // Other control characters are executed without affecting the sequence.
    if (byte < 0x20 || byte === DEL) continue
    if (byte >= 0x80) return interrupted(data, at, result)
    if (byte < 0x30) intermediate = byte
    else if (!isCsi) {
      if (byte !== 0x5b || intermediate !== 0) return result('complete', at + 1, byte)
      isCsi = true
    } else if (byte >= 0x40) return result('complete', at + 1, byte)
    else if (byte >= 0x3c) prefix = byte
    else if (byte >= 0x3a) isCounting = false
    else if (isCounting) count = Math.min(count * 10 + byte - 0x30, MAX_COUNT)
  }
  return result('incomplete', data.length)
}

/** A character outside of ASCII ends the sequence and is not printed. A C1 control character takes effect. */
function interrupted(
  data: Uint8Array,
  at: number,
  result: (outcome: ControlSequence['outcome'], end: number) => ControlSequence,
): ControlSequence {
  const lead = data[at] ?? 0
  const length = lead >= 0xf8 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= C1_LEAD ? 2 : 1
  let end = at + 1
  while (end < at + length && isContinuation(data[end])) end++
  if (end === data.length && end < at + length) return result('incomplete', end)
  const isC1 = lead === C1_LEAD && end === at + 2 && (data[at + 1] ?? 0) < 0xa0
  return result('invalid', isC1 ? at : end)
}

/** Whether the byte is inside of a UTF-8 character. */
export const isContinuation = (byte: number | undefined): boolean =>
  byte !== undefined && (byte & 0xc0) === 0x80
