import { performance } from 'node:perf_hooks'
import type { IBuffer, Terminal, Terminal as XtermTerminal } from '@xterm/headless'
import type { UnicodeGraphemesAddon as UnicodeGraphemes } from '@xterm/addon-unicode-graphemes'
import { boundedUnicode } from '../core/terminal/output/bounded-graphemes'
import { FOLDER_SEQUENCES, parseFolderReport, type ReportedFolder } from '../core/files/shell-folder'
import { parseCommandMark, SHELL_MARK } from '../core/terminal/commands/command-mark'
import type { CommandMark } from '../core/terminal/commands/command-tracker'
import { MAX_PROMPT_CHARS } from '../core/terminal/commands/prompt-text'
import { fixXterm } from '../core/terminal/output/xterm-fixes'
import { HYPERLINK, hyperlinkAddress, limitLinks, MAX_LINK_CHARS } from '../core/terminal/output/live-links'
import { createOutputFilter } from '../core/terminal/output/output-filter'
import { limitStrings } from '../core/terminal/output/string-limits'
import { tailAfter } from '../core/terminal/output/partial-sequence'
import type { TerminalSize } from '../core/terminal/terminal'
import { MAX_FOLDERS, MAX_MARKS, MAX_REPLY_CHARS, MAX_TITLE_CHARS } from '../shared/terminal-process'
import { CLIPBOARD, readCopyRequest } from './copy-request'
import { trackModes } from './screen-modes'

/** The last links of OSC 8 that are remembered. */
const MAX_LINKS = 500

/**
 * A headless terminal that parses a pod's output, so that a window can attach later and get the full state.
 */
export interface Emulator {
  /** Adds output, which is parsed by `parse`. */
  write(bytes: Uint8Array): void
  /** Parses what was written, for a short time. Resolves to whether all of it is parsed. */
  parse(): Promise<boolean>
  resize(size: TerminalSize): void
  /** Clears scrollback and screen except for the line of the cursor. */
  clear(): void
  /** Escape sequences that restore screen, scrollback and modes. */
  serialize(): string
  /** Whether a full-screen program such as an editor is active. */
  isOnAlternateScreen(): boolean
  /**
   * So many lines that are printed now push out all that is on the screen and in the scrollback. Null if that isn't
   * certain: with margins, where backspaces lead to earlier lines, or in the middle of a sequence.
   */
  linesUntilGone(): number | null
  /** Whether its text shows this address, or links to it. */
  doesShow(address: string): boolean
  /**
   * Replies to queries of programs, such as the cursor position, since the last call; beyond a limit they are dropped.
   */
  takeReplies(): string
  /** The title if it was set since the last call. */
  takeTitle(): string | null
  /** What the shell reported about its commands since the last call. */
  takeMarks(): CommandMark[]
  /** The folder that the shell reported as its current one, since the last call. */
  readonly takeFolders: () => ReportedFolder[]
  /** The text that a program asked to copy last, since the last call. */
  readonly takeCopied: () => string | null
  /** The text before the cursor in its line; "" in a full-screen program, or if it is too long for a prompt. */
  cursorLine(): string
  dispose(): void
}

export type CreateEmulator = (size: TerminalSize, scrollbackLines: number) => Emulator

/** Other terminals wait meanwhile. */
const MAX_PARSE_MS = 30

export async function loadEmulator(): Promise<CreateEmulator> {
  const [{ Terminal }, { SerializeAddon }, UnicodeGraphemesAddon] = await Promise.all([
    import('@xterm/headless'),
    import('@xterm/addon-serialize'),
    loadGraphemes(),
  ])
  return (size, scrollbackLines) => {
    const terminal = new Terminal({
      cols: size.columns,
      rows: size.rows,
      scrollback: scrollbackLines,
      allowProposedApi: true,
      // Every invalid byte would be logged on stderr synchronously.
      logLevel: 'off',
    })
    const serializer = new SerializeAddon()
    // Must match the window, otherwise lines would wrap differently.
    new UnicodeGraphemesAddon().activate({ unicode: boundedUnicode(terminal) } as XtermTerminal)
    terminal.loadAddon(serializer)
    const modes = trackModes(terminal)
    const trimLinks = limitLinks(terminal)
    const addresses = trackShownAddresses(terminal)
    const commands = trackCommands(terminal)
    const takeFolders = trackFolder(terminal)
    const takeCopied = trackCopied(terminal)
    fixXterm(terminal)
    limitStrings(terminal)
    const filter = createOutputFilter(() => ({ columns: terminal.cols, rows: terminal.rows }))
    let pieces: Uint8Array[] = []
    let tail: Uint8Array = new Uint8Array(0)
    let replies = ''
    let title: string | null = null
    terminal.onData((text) => {
      if (replies.length < MAX_REPLY_CHARS) replies = (replies + text).slice(0, MAX_REPLY_CHARS)
    })
    terminal.onTitleChange((text) => {
      title = text.slice(0, MAX_TITLE_CHARS)
    })

    return {
      write(bytes) {
        tail = tailAfter(tail, bytes)
        pieces.push(...filter(bytes))
      },
      parse: () =>
        new Promise((resolve) => {
          const untilMs = performance.now() + MAX_PARSE_MS
          let count = 0
          const next = (): void => {
            trimLinks()
            const piece = pieces[count]
            if (piece !== undefined && performance.now() < untilMs) {
              count += 1
              terminal.write(piece, next)
              return
            }
            pieces = pieces.slice(count)
            resolve(pieces.length === 0)
          }
          next()
        }),
      resize: ({ columns, rows }) => terminal.resize(columns, rows),
      clear: () => terminal.clear(),
      serialize: () => serializer.serialize() + modes.serialize(),
      isOnAlternateScreen: () => terminal.buffer.active.type === 'alternate',
      linesUntilGone() {
        const isBegun = pieces.length > 0 || tail.length > 0
        // Twice the screen, since what is below the cursor is written over first.
        return isBegun || modes.hasMargins() || terminal.modes.reverseWraparoundMode
          ? null
          : scrollbackLines + 2 * terminal.rows
      },
      doesShow: addresses.doesShow,
      takeReplies() {
        const taken = replies
        replies = ''
        return taken
      },
      takeTitle() {
        const taken = title
        title = null
        return taken
      },
      takeMarks: commands.takeMarks,
      takeFolders,
      takeCopied,
      cursorLine: commands.cursorLine,
      dispose: () => terminal.dispose(),
    }
  }
}

/** In Node the addon reads its table at the wrong offset if the buffer pool is used. */
async function loadGraphemes(): Promise<typeof UnicodeGraphemes> {
  const { poolSize } = Buffer
  Buffer.poolSize = 0
  try {
    return (await import('@xterm/addon-unicode-graphemes')).UnicodeGraphemesAddon
  } finally {
    Buffer.poolSize = poolSize
  }
}

/** Observes in which folder the shell says that it is. Returns the last reports since the last call. */
function trackFolder(terminal: Terminal): () => ReportedFolder[] {
  let reports: ReportedFolder[] = []
  for (const code of Object.values(FOLDER_SEQUENCES))
    terminal.parser.registerOscHandler(code, (data) => {
      const report = parseFolderReport(code, data)
      if (report !== null) reports = [...reports, report].slice(-MAX_FOLDERS)
      return false
    })
  return () => {
    const taken = reports
    reports = []
    return taken
  }
}

/** Observes what programs ask to copy (OSC 52). Returns the last text since the last call. */
function trackCopied(terminal: Terminal): () => string | null {
  let copied: string | null = null
  terminal.parser.registerOscHandler(CLIPBOARD, (data) => {
    copied = readCopyRequest(data) ?? copied
    return true
  })
  return () => {
    const taken = copied
    copied = null
    return taken
  }
}

/** Observes what tells that a command begins or ends: marks of the shell, and the line of the cursor. */
function trackCommands(terminal: Terminal): {
  readonly takeMarks: () => CommandMark[]
  readonly cursorLine: () => string
} {
  let marks: CommandMark[] = []
  terminal.parser.registerOscHandler(SHELL_MARK, (data) => {
    const mark = parseCommandMark(data)
    if (mark === null) return false
    marks.push(mark)
    if (marks.length > MAX_MARKS) marks.shift()
    return false
  })
  return {
    takeMarks() {
      const taken = marks
      marks = []
      return taken
    },
    cursorLine() {
      const { type, baseY, cursorX, cursorY } = terminal.buffer.active
      if (type === 'alternate') return ''
      const line = terminal.buffer.active.getLine(baseY + cursorY)?.translateToString(false, 0, cursorX) ?? ''
      return line.length > MAX_PROMPT_CHARS ? '' : line
    },
  }
}

/**
 * Finds whether a terminal shows an address: as text on its screen or in its scrollback, or behind text as a
 * link of OSC 8. A page may only have such an address opened.
 */
function trackShownAddresses(terminal: Terminal): { readonly doesShow: (address: string) => boolean } {
  const links = new Set<string>()
  terminal.parser.registerOscHandler(HYPERLINK, (data) => {
    const address = hyperlinkAddress(data)
    if (address === '' || address.length > MAX_LINK_CHARS) return false
    links.delete(address)
    links.add(address)
    const [oldest] = links
    if (links.size > MAX_LINKS && oldest !== undefined) links.delete(oldest)
    // The terminal still draws the link.
    return false
  })
  return {
    doesShow: (address) =>
      links.has(address) ||
      isWritten(terminal.buffer.active, address) ||
      isWritten(terminal.buffer.normal, address),
  }
}

/** The newest lines are searched first, because that is where people click. A wrapped line counts as one. */
function isWritten(buffer: IBuffer, address: string): boolean {
  let rest = ''
  for (let row = buffer.length - 1; row >= 0; row--) {
    const line = buffer.getLine(row)
    rest = `${line?.translateToString(rest === '') ?? ''}${rest}`
    if (line?.isWrapped === true) continue
    if (rest.includes(address)) return true
    rest = ''
  }
  return false
}
