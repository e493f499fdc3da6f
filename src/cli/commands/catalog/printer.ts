import type { ProviderError } from '../../../core/pods/provider'
import type { StyledLine } from '../../output/color'
import { CliExit, exitCodes } from '../../output/exit'
import type { CliOutput } from '../../output/terminal'

/** How a list is printed. */
export interface ListPrinter {
  readonly isJson: boolean
  readonly columns: number
  readonly output: CliOutput
  readonly print: (line: StyledLine) => void
}

/** The exit for a list that could not be read. */
export function readExit({ kind, message }: ProviderError): CliExit {
  if (kind === 'unauthorized' || kind === 'forbidden') return new CliExit(exitCodes.noKey, message)
  const isUnreachable = kind === 'unreachable' || kind === 'unreadable' || kind === 'rate-limited'
  return new CliExit(isUnreachable ? exitCodes.unreachable : exitCodes.failed, message)
}
