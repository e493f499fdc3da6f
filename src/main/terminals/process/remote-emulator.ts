import type { ReportedFolder } from '../../../core/files/shell-folder'
import type { CommandMark } from '../../../core/terminal/commands/command-tracker'
import type { TerminalSize } from '../../../core/terminal/terminal'

/**
 * A terminal without a window, which parses a pod's output in the terminal process, so that a window can attach later
 * and get the full state. The process is started for the first output. Calls take effect in their order.
 */
export interface RemoteEmulator {
  /** `onParsed` is called in the order of the writes. Queries in output that is `isAnswered` get no reply here. */
  write(bytes: Uint8Array, isAnswered: boolean, onParsed: () => void): void
  /** Calls back once everything written so far is parsed. */
  whenParsed(run: () => void): void
  /** Calls back at once, or, while the process starts, once what was written so far is parsed. */
  whenStarted(run: () => void): void
  resize(size: TerminalSize): void
  size(): TerminalSize
  /** Clears scrollback and screen except for the line of the cursor. */
  clear(): void
  /** Escape sequences that restore screen, scrollback and modes as of everything written before, and nothing else. */
  serialize(): Promise<string>
  /** Whether a full-screen program such as an editor is active, in the output parsed so far. */
  isOnAlternateScreen(): boolean
  /** Whether its text shows this address, or links to it. */
  doesShow(address: string): Promise<boolean>
  /** Calls back with replies to queries of programs, such as the cursor position. */
  onReply(listener: (text: string) => void): void
  onTitle(listener: (title: string) => void): void
  /** Calls back with what the shell reported about its commands, in order. */
  onMarks(listener: (marks: readonly CommandMark[]) => void): void
  /** Calls back with the folders that the shell reported as its current one, in order. */
  onFolders(listener: (folders: readonly ReportedFolder[]) => void): void
  /** Calls back with what a program asks to copy (OSC 52); of several at once the last. */
  onCopied(listener: (text: string) => void): void
  /** Calls back with the text before the cursor in its line, when what was written is parsed. */
  onCursorLine(listener: (line: string) => void): void
  /**
   * Its output could not be parsed and is dropped; it is empty from now on. `reason` is a sentence for the user.
   * Whatever waited for it goes on.
   */
  onFailure(listener: (reason: string) => void): void
  dispose(): void
}

export type CreateRemoteEmulator = (size: TerminalSize, scrollbackLines: number) => RemoteEmulator
