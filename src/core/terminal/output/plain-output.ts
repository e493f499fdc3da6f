import { asciiText } from '../tmux/control-parser'
import { ESC, readSequence } from './control-sequence'
import { incompleteCharacter } from './partial-sequence'

/*
 * Output that only writes lines below each other, in whatever colors. Once enough of it follows, what stands before it
 * has scrolled out of a terminal, so that it need not be parsed, save for what outlasts its line.
 */

/** What outlasts the lines of plain output. Each part is a whole sequence. */
export interface LastingEffects {
  /** Whether colors from before have no effect. */
  readonly resetsColors: boolean
  /** Colors (SGR) since the last reset. */
  readonly colors: readonly Uint8Array[]
  /** Modes, titles and folders, by what they set. */
  readonly settings: ReadonlyMap<string, Uint8Array>
  /** Links (OSC 8) and their ends. */
  readonly links: readonly Uint8Array[]
  /** What the shell says of its commands (OSC 133). */
  readonly marks: readonly Uint8Array[]
}

export interface PlainOutput {
  /** The index at which a sequence or character begins that is incomplete, or the length. */
  readonly end: number
  readonly lineFeeds: number
  /** Whether a carriage return is among it, without which its columns depend on what was before. */
  readonly hasReturn: boolean
  readonly effects: LastingEffects
}

/** Without a reset in between, programs print far fewer. */
const MAX_COLORS = 64
/** As many as a terminal remembers, with their ends. */
const MAX_LINKS = 1_000
const MAX_MARKS = 64
const MAX_STRING_BYTES = 4_096
/** Of other sequences. */
const MAX_SEQUENCE_BYTES = 1_024

const code = (character: string): number => character.charCodeAt(0)
const [LINE_FEED, RETURN, BELL, SHIFT_OUT, SHIFT_IN] = [0x0a, 0x0d, 0x07, 0x0e, 0x0f] as const
/** In UTF-8, a C1 control character is this byte and one below 0xa0. */
const C1_LEAD = 0xc2
const [CSI, OSC, STRING_END] = ['[', ']', '\\'].map(code)
const [ERASE_LINE, SET, RESET] = ['K', 'h', 'l'].map(code)
const [COLOR, ZERO, SEMICOLON] = [0x6d, 0x30, 0x3b] as const
/** They move the cursor along its line. */
const ALONG_LINE: readonly number[] = ['C', 'D', 'G', '`', 'a'].map(code)
/** Cursor keys, blinking and visible cursor, bracketed paste. */
const LASTING_MODES: readonly number[] = [1, 12, 25, 2004]
/** Titles, and the folder that a shell is in. */
const SETTINGS: readonly string[] = ['0', '1', '2', '7']
const [LINK, MARK] = ['8', '133'] as const

export const noEffects: LastingEffects = {
  resetsColors: false,
  colors: [],
  settings: new Map(),
  links: [],
  marks: [],
}

/** Null: it may do more than write lines below each other. */
export function readPlainOutput(data: Uint8Array): PlainOutput | null {
  if (data.includes(SHIFT_OUT) || data.includes(SHIFT_IN) || hasC1(data)) return null
  let resetsColors = false
  const colors = new Map<string, Uint8Array>()
  const settings = new Map<string, Uint8Array>()
  const [links, marks]: [Uint8Array[], Uint8Array[]] = [[], []]

  for (let at = data.indexOf(ESC); at >= 0;) {
    const found = data[at + 1] === OSC ? readString(data, at) : readPlainSequence(data, at)
    if (found === null) return null
    if (found === 'incomplete') return plain(at)
    const { end, kind, name } = found
    if (kind === 'color') {
      if (isColorReset(data, at)) {
        resetsColors = true
        colors.clear()
      }
      addColor(colors, data.subarray(at, end))
    } else if (kind === 'setting') settings.set(name, copyOf(data, at, end))
    else if (kind === 'link') links.push(copyOf(data, at, end))
    else if (kind === 'mark') marks.push(copyOf(data, at, end))
    if (colors.size > 2 * MAX_COLORS) return null
    at = data.indexOf(ESC, end)
  }
  return plain(data.length - incompleteCharacter(data).length)

  function plain(end: number): PlainOutput | null {
    if (colors.size > MAX_COLORS) return null
    const lines = data.subarray(0, end)
    return {
      end,
      lineFeeds: countOf(lines, LINE_FEED),
      hasReturn: lines.includes(RETURN),
      // Copies, so that they don't keep all of the output.
      effects: {
        resetsColors,
        colors: [...colors.values()].map((color) => new Uint8Array(color)),
        settings,
        links,
        marks,
      },
    }
  }
}

interface PlainSequence {
  /** The index after it. */
  readonly end: number
  readonly kind: 'color' | 'setting' | 'link' | 'mark' | 'brief'
  readonly name: string
}

/** Null: it isn't plain. */
function readPlainSequence(data: Uint8Array, at: number): PlainSequence | 'incomplete' | null {
  const { outcome, end, isCsi, final, prefix, intermediate, count } = readSequence(data, at)
  if (end - at > MAX_SEQUENCE_BYTES) return null
  if (outcome === 'incomplete') return 'incomplete'
  if (outcome !== 'complete' || !isCsi || intermediate !== 0) return null
  const body = data.subarray(at + 1, end)
  // Those with control characters inside are rare, and move the cursor.
  if (body[0] !== CSI || body.some((byte) => byte < 0x20)) return null
  if (prefix === 0) {
    if (final === COLOR) return { end, kind: 'color', name: '' }
    return final === ERASE_LINE || ALONG_LINE.includes(final) ? { end, kind: 'brief', name: '' } : null
  }
  const isMode = prefix === code('?') && (final === SET || final === RESET) && !body.includes(code(';'))
  return isMode && LASTING_MODES.includes(count) ? { end, kind: 'setting', name: `?${count}` } : null
}

/** The same for a string (OSC). */
function readString(data: Uint8Array, at: number): PlainSequence | 'incomplete' | null {
  let stop = at + 2
  while (stop < data.length && (data[stop] ?? 0) >= 0x20) stop++
  if (stop - at > MAX_STRING_BYTES) return null
  if (stop + (data[stop] === ESC ? 1 : 0) >= data.length) return 'incomplete'
  const end = data[stop] === BELL ? stop + 1 : data[stop + 1] === STRING_END ? stop + 2 : null
  if (end === null || (data[stop] !== BELL && data[stop] !== ESC)) return null
  const name = asciiText(data.subarray(at + 2, Math.min(stop, at + 6))).split(';')[0] ?? ''
  if (name === LINK) return { end, kind: 'link', name }
  if (name === MARK) return { end, kind: 'mark', name }
  return SETTINGS.includes(name) ? { end, kind: 'setting', name } : null
}

/** A `slice` of a Buffer would be no copy. */
const copyOf = (data: Uint8Array, from: number, to: number): Uint8Array =>
  new Uint8Array(data.subarray(from, to))

/** Whether the first parameter of the color that begins there is 0. */
function isColorReset(data: Uint8Array, from: number): boolean {
  let at = from + 2
  while (data[at] === ZERO) at++
  return data[at] === SEMICOLON || data[at] === COLOR
}

/** A color that is set again later has no effect before. */
function addColor(colors: Map<string, Uint8Array>, color: Uint8Array): void {
  const text = asciiText(color)
  colors.delete(text)
  colors.set(text, color)
}

/** Whether a C1 control character is in it. */
function hasC1(data: Uint8Array): boolean {
  for (let at = data.indexOf(C1_LEAD); at >= 0; at = data.indexOf(C1_LEAD, at + 1))
    if ((data[at + 1] ?? 0xff) < 0xa0) return true
  return false
}

function countOf(data: Uint8Array, byte: number): number {
  let count = 0
  for (let at = data.indexOf(byte); at >= 0; at = data.indexOf(byte, at + 1)) count++
  return count
}

/** Those of output that follows other output. Null: too many. */
export function joinEffects(effects: LastingEffects, later: LastingEffects): LastingEffects | null {
  const colors = new Map<string, Uint8Array>()
  for (const color of later.resetsColors ? [] : effects.colors) addColor(colors, color)
  for (const color of later.colors) addColor(colors, color)
  if (colors.size > MAX_COLORS) return null
  return {
    resetsColors: effects.resetsColors || later.resetsColors,
    colors: [...colors.values()],
    settings: new Map([...effects.settings, ...later.settings]),
    links: [...effects.links, ...later.links].slice(-MAX_LINKS),
    marks: [...effects.marks, ...later.marks].slice(-MAX_MARKS),
  }
}

/** Sequences that do what is left of output that was dropped. */
export const effectSequences = (effects: LastingEffects): readonly Uint8Array[] => [
  ...effects.settings.values(),
  ...effects.links,
  ...effects.marks,
  ...effects.colors,
]
