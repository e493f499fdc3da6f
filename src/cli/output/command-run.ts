import type { StyledLine } from './color'
import type { CliOutput, Keyboard, OnSignal } from './terminal'

/** What commands are given of their run: where they print and ask, and the options that many of them have. */
export interface CommandRun {
  readonly output: CliOutput
  /** Null where nobody can type. */
  readonly keyboard: Keyboard | null
  /** Calls back with the exit code of a signal; returns a function that removes the listener. */
  readonly onSignal: OnSignal
  /** Without a terminal no line is cut. */
  readonly columns: number
  /** Prints a line of the result, in color where it may have one. */
  readonly print: (line: StyledLine) => void
  readonly isJson: boolean
  /** Nothing is asked. */
  readonly isConfirmed: boolean
  readonly isDryRun: boolean
  /** Given on the command line in place of typing it. */
  readonly confirmName: string | null
}

/** The result: as JSON, or line by line. Only what is printed is made. */
export function printResult(
  { isJson, output, print }: Pick<CommandRun, 'isJson' | 'output' | 'print'>,
  json: () => unknown,
  lines: () => readonly StyledLine[],
): void {
  if (isJson) output.result(JSON.stringify(json(), null, 2))
  else for (const line of lines()) print(line)
}
