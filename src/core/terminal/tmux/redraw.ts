import { concatBytes } from '../../base/concat-bytes'
import { asciiBytes, asciiText, unescapeOctal } from './control-parser'

/*
 * Draws the screen of a session anew in a terminal that attaches to it: what tmux knows about the screen, as the escape
 * sequences that lead there.
 */

/** What tmux is asked about a pane. A format that a version doesn't know is empty. The title may contain anything. */
const FIELDS = [
  'pane_width',
  'pane_height',
  'history_size',
  'cursor_x',
  'cursor_y',
  'alternate_on',
  'alternate_saved_x',
  'alternate_saved_y',
  'cursor_flag',
  'insert_flag',
  'keypad_cursor_flag',
  'keypad_flag',
  'wrap_flag',
  'origin_flag',
  'mouse_standard_flag',
  'mouse_button_flag',
  'mouse_all_flag',
  'mouse_sgr_flag',
  'mouse_utf8_flag',
  'scroll_region_upper',
  'scroll_region_lower',
  'bracket_paste_flag',
] as const
type Field = (typeof FIELDS)[number]

export interface ScreenState {
  readonly fields: Readonly<Record<Field, number | null>>
  /** Each byte as one character. */
  readonly title: string
}

// The computer's name is what a pane is called that no program named.
const TITLE = '#{?#{==:#{pane_title},#{host}},,#{pane_title}}'

const STATE_COMMAND = `display-message -p '${[...FIELDS.map((field) => `#{${field}}`), TITLE].join(',')}'`
/** `-J`: a line that was wrapped is one line, so that the terminal wraps it itself. */
const CAPTURE = 'capture-pane -p -e -J'

/** More would hold up the main process while it passes them on. */
const MAX_REDRAWN_LINES = 10_000

/** What a program has begun to print and not ended: xterm.js reads no longer sequence. */
const MAX_PENDING_BYTES = 64 * 1024

/** One line of commands that tmux carries out at one moment, and the number of their replies. */
export function captureCommands(
  isAlternate: boolean,
  historyLines: number,
): { readonly line: string; readonly replies: number } {
  const history = `${CAPTURE} -S -${Math.min(historyLines, MAX_REDRAWN_LINES)}`
  const captures = isAlternate ? [`${history} -E -1`, `${CAPTURE} -a -q`, CAPTURE] : [history]
  const commands = [STATE_COMMAND, ...captures, 'capture-pane -p -P -C']
  return { line: commands.join(' ; '), replies: commands.length }
}

export function parseScreenState(body: Uint8Array): ScreenState | null {
  const parts = asciiText(body.subarray(0, 4 * 1024)).split(',')
  if (parts.length <= FIELDS.length) return null
  const numberOf = (text: string | undefined): number | null =>
    text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : null
  const fields = Object.fromEntries(FIELDS.map((field, index) => [field, numberOf(parts[index])]))
  const title = parts.slice(FIELDS.length).join(',')
  return {
    fields: fields as ScreenState['fields'],
    title: title.replace(/[^\x20-\x7e\x80-\xff]/g, '').slice(0, 400),
  }
}

/** A full reset, which empties the scrollback. G1 has line drawing, which tmux writes between SO and SI. */
const START = '\x1bc\x1b)0'
const END_OF_TEXT = '\x0f\x1b)B\x1b[0m'

/** The output that draws the screen. `bodies`: the replies to `captureCommands`; null: they are no such replies. */
export function redrawnScreen(bodies: readonly Uint8Array[]): Uint8Array | null {
  const [stateBody, ...captures] = bodies
  const state = stateBody === undefined ? null : parseScreenState(stateBody)
  const pending = captures.pop()
  if (state === null || pending === undefined) return null
  const { fields } = state
  const [first, saved, alternate] = captures
  const isAlternate = fields.alternate_on === 1
  if (first === undefined || isAlternate !== (alternate !== undefined)) return null
  const parts: (string | Uint8Array)[] = [START]
  if (isAlternate) {
    // Without a history tmux returns the first line of the screen in its place.
    if ((fields.history_size ?? 0) > 0) parts.push(withReturns(first), '\r\n')
    parts.push(withReturns(saved ?? new Uint8Array(0)), END_OF_TEXT)
    parts.push(position(fields.alternate_saved_x, fields.alternate_saved_y, 0), '\x1b[?1049h\x1b[H\x1b)0')
  }
  parts.push(withReturns(alternate ?? first), END_OF_TEXT, modes(fields))
  if (state.title !== '') parts.push(`\x1b]2;${state.title}\x1b\\`)
  parts.push(unescapeOctal(pending.subarray(0, MAX_PENDING_BYTES)))
  return concatBytes(parts.map((part) => (typeof part === 'string' ? asciiBytes(part) : part)))
}

function modes(fields: ScreenState['fields']): string {
  const { scroll_region_upper: upper, scroll_region_lower: lower, pane_height: rows } = fields
  const hasRegion = upper !== null && lower !== null && rows !== null && (upper > 0 || lower < rows - 1)
  const ifSet = (field: Field, sequence: string): string => (fields[field] === 1 ? sequence : '')
  return [
    hasRegion ? `\x1b[${upper + 1};${lower + 1}r` : '',
    ifSet('origin_flag', '\x1b[?6h'),
    // With origin mode, rows count from the region.
    hasRegion || fields.alternate_on === 1 || fields.origin_flag === 1
      ? position(fields.cursor_x, fields.cursor_y, fields.origin_flag === 1 ? (upper ?? 0) : 0)
      : fromLastRow(fields),
    ifSet('insert_flag', '\x1b[4h'),
    ifSet('keypad_cursor_flag', '\x1b[?1h'),
    ifSet('keypad_flag', '\x1b='),
    fields.wrap_flag === 0 ? '\x1b[?7l' : '',
    ifSet('mouse_standard_flag', '\x1b[?1000h'),
    ifSet('mouse_button_flag', '\x1b[?1002h'),
    ifSet('mouse_all_flag', '\x1b[?1003h'),
    ifSet('mouse_utf8_flag', '\x1b[?1005h'),
    ifSet('mouse_sgr_flag', '\x1b[?1006h'),
    ifSet('bracket_paste_flag', '\x1b[?2004h'),
    fields.cursor_flag === 0 ? '\x1b[?25l' : '',
  ].join('')
}

/** From the last row, since the terminal may have another height by now, of which tmux and the program hear next. */
function fromLastRow({ cursor_x: x, cursor_y: y, pane_height: rows }: ScreenState['fields']): string {
  if (x === null || y === null || rows === null) return ''
  return `${y < rows - 1 ? `\x1b[${rows - 1 - y}A` : ''}\x1b[${x + 1}G`
}

const position = (x: number | null, y: number | null, fromRow: number): string =>
  x === null || y === null ? '' : `\x1b[${Math.max(0, y - fromRow) + 1};${x + 1}H`

/** The lines one by one: their number is limited, not their length. */
function withReturns(lines: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  let from = 0
  for (let at = lines.indexOf(LINE_FEED); at >= 0; at = lines.indexOf(LINE_FEED, from)) {
    parts.push(lines.subarray(from, at), LINE_END)
    from = at + 1
  }
  parts.push(lines.subarray(from))
  return concatBytes(parts)
}

const LINE_FEED = 0x0a
const LINE_END = Uint8Array.of(0x0d, LINE_FEED)
