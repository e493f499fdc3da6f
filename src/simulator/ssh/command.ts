import type { Files } from './files'
import type { Machine } from './machine'

/** What a command is run with. */
export interface CommandContext {
  readonly args: readonly string[]
  readonly machine: Machine
  readonly files: Files
  readonly shell: ShellState
  /** What a pipe brings; null: nothing is piped in. */
  readonly input: string | null
  /** Ended by Ctrl-C, a broken connection or a pipe that has enough. */
  readonly signal: AbortSignal
  /** Columns and rows of the terminal, now. */
  readonly size: () => { readonly columns: number; readonly rows: number }
  /** Resolves when there is room for more. Line ends are "\n". */
  readonly write: (text: string) => Promise<void>
  readonly writeError: (text: string) => Promise<void>
  /** One key that was pressed, or null after `ms` real milliseconds or the end of the command. */
  readonly key: (ms: number) => Promise<string | null>
}

export interface ShellState {
  folder: string
  readonly variables: Map<string, string>
  readonly history: string[]
}

/** Returns its exit code. */
export type Command = (run: CommandContext) => Promise<number>

/** The longest that a timer may wait. */
const MAX_DELAY_MS = 2_147_483_647

/** Resolves after `ms` real milliseconds, or sooner when the command ends. */
export function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, Math.min(ms, MAX_DELAY_MS))
    signal.addEventListener('abort', done)
  })
}

/** Arguments that begin with a dash, letter by letter, and the others. */
export function parseFlags(args: readonly string[]): {
  readonly flags: ReadonlySet<string>
  readonly rest: readonly string[]
} {
  const isFlag = (arg: string) => /^-[a-zA-Z]/.test(arg)
  return {
    flags: new Set(args.filter(isFlag).flatMap((arg) => arg.slice(1).split(''))),
    rest: args.filter((arg) => !isFlag(arg)),
  }
}
