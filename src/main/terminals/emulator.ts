import { SerializeAddon } from '@xterm/addon-serialize'
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes'
import { Terminal } from '@xterm/headless'
import type { TerminalSize } from '../../core/terminal'
import { trackModes } from './screen-modes'

/** A terminal that nobody sees: it reads what a pod sends, so that a window can come late and find it all. */
export interface Emulator {
  /** Reads bytes, later; `onParsed` is called once they are, in the order of the writes. */
  write(bytes: Uint8Array, onParsed: () => void): void
  /** Calls back once all that was written before is parsed, and nothing that is written after. */
  whenParsed(run: () => void): void
  resize(size: TerminalSize): void
  size(): TerminalSize
  /** Escape sequences that draw screen, scrollback and modes anew. */
  serialise(): string
  /** Whether a program draws on the whole screen, such as an editor. */
  isOnAlternateScreen(): boolean
  /** Answers to questions of programs, such as where the cursor is. */
  onReply(listener: (text: string) => void): void
  onTitle(listener: (title: string) => void): void
  dispose(): void
}

export function createEmulator(size: TerminalSize, scrollbackLines: number): Emulator {
  const terminal = new Terminal({
    cols: size.columns,
    rows: size.rows,
    scrollback: scrollbackLines,
    allowProposedApi: true,
    // As the window has it, or lines would break elsewhere.
    windowOptions: {},
  })
  const serializer = new SerializeAddon()
  terminal.loadAddon(new UnicodeGraphemesAddon())
  terminal.loadAddon(serializer)
  const modes = trackModes(terminal)
  return {
    write: (bytes, onParsed) => terminal.write(bytes, onParsed),
    whenParsed: (run) => terminal.write('', run),
    resize: ({ columns, rows }) => terminal.resize(columns, rows),
    size: () => ({ columns: terminal.cols, rows: terminal.rows }),
    serialise: () => serializer.serialize() + modes.serialise(),
    isOnAlternateScreen: () => terminal.buffer.active.type === 'alternate',
    onReply: (listener) => void terminal.onData(listener),
    onTitle: (listener) => void terminal.onTitleChange(listener),
    dispose: () => terminal.dispose(),
  }
}
