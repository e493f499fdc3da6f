import type { StyledLine } from '../../output/color'
import type { CliOutput } from '../../output/terminal'

/** How a list is printed. */
export interface ListPrinter {
  readonly isJson: boolean
  readonly columns: number
  readonly output: CliOutput
  readonly print: (line: StyledLine) => void
}
