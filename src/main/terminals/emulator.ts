import type { UnicodeGraphemesAddon as UnicodeGraphemes } from '@xterm/addon-unicode-graphemes'
import type { TerminalSize } from '../../core/terminal/terminal'
import { trackModes } from './screen-modes'

/** A terminal that nobody sees: it reads what a pod sends, so that a window can come late and find it all. */
export interface Emulator {
  /** Reads bytes, later; `onParsed` is called once they are, in the order of the writes. */
  write(bytes: Uint8Array, onParsed: () => void): void
  /** Calls back once all that was written before is parsed, and nothing that is written after. */
  whenParsed(run: () => void): void
  resize(size: TerminalSize): void
  size(): TerminalSize
  /** Empties scrollback and screen, but for the line of the cursor. */
  clear(): void
  /** Escape sequences that draw screen, scrollback and modes anew. */
  serialise(): string
  /** Whether a program draws on the whole screen, such as an editor. */
  isOnAlternateScreen(): boolean
  /** Answers to questions of programs, such as where the cursor is. */
  onReply(listener: (text: string) => void): void
  onTitle(listener: (title: string) => void): void
  dispose(): void
}

export type CreateEmulator = (size: TerminalSize, scrollbackLines: number) => Emulator

/** Loads what reads terminals: the first one needs it, and the start of the app does without. */
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
      // Each byte out of place would be a line on stderr, written while all else waits.
      logLevel: 'off',
    })
    const serializer = new SerializeAddon()
    // As in the window, or lines would break elsewhere.
    terminal.loadAddon(new UnicodeGraphemesAddon())
    terminal.loadAddon(serializer)
    const modes = trackModes(terminal)
    return {
      write: (bytes, onParsed) => terminal.write(bytes, onParsed),
      whenParsed: (run) => terminal.write('', run),
      resize: ({ columns, rows }) => terminal.resize(columns, rows),
      size: () => ({ columns: terminal.cols, rows: terminal.rows }),
      clear: () => terminal.clear(),
      serialise: () => serializer.serialize() + modes.serialise(),
      isOnAlternateScreen: () => terminal.buffer.active.type === 'alternate',
      onReply: (listener) => void terminal.onData(listener),
      onTitle: (listener) => void terminal.onTitleChange(listener),
      dispose: () => terminal.dispose(),
    }
  }
}

/** In Node the addon reads its table from the start of the pool of small buffers, unless there is none. */
async function loadGraphemes(): Promise<typeof UnicodeGraphemes> {
  const { poolSize } = Buffer
  Buffer.poolSize = 0
  try {
    return (await import('@xterm/addon-unicode-graphemes')).UnicodeGraphemesAddon
  } finally {
    Buffer.poolSize = poolSize
  }
}
