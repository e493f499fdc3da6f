import type { UnicodeGraphemesAddon as UnicodeGraphemes } from '@xterm/addon-unicode-graphemes'
import type { TerminalSize } from '../../core/terminal/terminal'
import { trackModes } from './screen-modes'
import { trackShownAddresses } from './shown-addresses'

/**
 * A headless terminal that parses a pod's output, so that a window can attach later and get the full state.
 */
export interface Emulator {
  /** Parses bytes asynchronously; `onParsed` is called in the order of the writes. */
  write(bytes: Uint8Array, onParsed: () => void): void
  /** Calls back once everything written so far is parsed, before anything written later. */
  whenParsed(run: () => void): void
  resize(size: TerminalSize): void
  size(): TerminalSize
  /** Clears scrollback and screen except for the line of the cursor. */
  clear(): void
  /** Escape sequences that restore screen, scrollback and modes. */
  serialize(): string
  /** Whether a full-screen program such as an editor is active. */
  isOnAlternateScreen(): boolean
  /** Whether this address stands in its text, or behind it as a link. */
  doesShow(address: string): Promise<boolean>
  /** Calls back with replies to queries of programs, such as the cursor position. */
  onReply(listener: (text: string) => void): void
  onTitle(listener: (title: string) => void): void
  dispose(): void
}

export type CreateEmulator = (size: TerminalSize, scrollbackLines: number) => Emulator

/** Loads the terminal library when the first terminal needs it, to keep startup fast. */
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
    terminal.loadAddon(new UnicodeGraphemesAddon())
    terminal.loadAddon(serializer)
    const modes = trackModes(terminal)
    const addresses = trackShownAddresses(terminal)
    return {
      write: (bytes, onParsed) => terminal.write(bytes, onParsed),
      whenParsed: (run) => terminal.write('', run),
      resize: ({ columns, rows }) => terminal.resize(columns, rows),
      size: () => ({ columns: terminal.cols, rows: terminal.rows }),
      clear: () => terminal.clear(),
      serialize: () => serializer.serialize() + modes.serialize(),
      isOnAlternateScreen: () => terminal.buffer.active.type === 'alternate',
      doesShow: async (address) => addresses.doesShow(address),
      onReply: (listener) => void terminal.onData(listener),
      onTitle: (listener) => void terminal.onTitleChange(listener),
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
