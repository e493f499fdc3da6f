import type { Files } from '../machine/files'
import type { Machine } from '../machine/machine'
import type { SimulatedJobs } from '../machine/pod-jobs'

/** The context that a command runs in. */
export interface CommandContext {
  readonly args: readonly string[]
  readonly machine: Machine
  readonly files: Files
  readonly jobs: SimulatedJobs
  readonly shell: ShellState
  /** Input from a pipe; null if there is none. */
  readonly input: string | null
  /** Aborted by Ctrl-C, a broken connection, or a pipe that needs no more. */
  readonly signal: AbortSignal
  /** The terminal's current columns and rows. */
  readonly size: () => { readonly columns: number; readonly rows: number }
  /**
   * Resolves when more can be written. Line endings are "
   * ".
   */
  readonly write: (text: string) => Promise<void>
  readonly writeError: (text: string) => Promise<void>
  /** One key press, or null after `ms` real milliseconds or at the end of the command. */
  readonly key: (ms: number) => Promise<string | null>
}

export interface ShellState {
  folder: string
  readonly variables: Map<string, string>
  readonly history: string[]
}

/** Returns its exit code. */
export type SimulatedCommand = (run: CommandContext) => Promise<number>

/** The maximum delay of a timer. */
const MAX_DELAY_MS = 2_147_483_647

/** Resolves after `ms` real milliseconds, or earlier when the command ends. */
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

/** How often a command that waits looks whether simulated time was skipped. */
const CLOCK_EVERY_MS = 250

/** Resolves once `ms` of simulated time have passed, also where they were skipped, or earlier when the command ends. */
export async function simulatedDelay(
  ms: number,
  { machine, signal }: Pick<CommandContext, 'machine' | 'signal'>,
): Promise<void> {
  const endMs = performance.now() + machine.realMs(ms)
  const simulatedEndMs = machine.simulatedMs() + ms
  while (!signal.aborted && performance.now() < endMs && machine.simulatedMs() < simulatedEndMs)
    await delay(Math.min(CLOCK_EVERY_MS, endMs - performance.now()), signal)
}

/** Splits arguments into option letters (after a dash) and the others. */
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
