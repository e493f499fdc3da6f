import type { ProviderError } from '../../core/pods/provider'
import { CliExit, exitCodes } from '../output/exit'

/** The exit for a list that could not be read. */
export function readExit({ kind, message }: ProviderError): CliExit {
  if (kind === 'unauthorized' || kind === 'forbidden') return new CliExit(exitCodes.noKey, message)
  const isUnreachable = kind === 'unreachable' || kind === 'unreadable' || kind === 'rate-limited'
  return new CliExit(isUnreachable ? exitCodes.unreachable : exitCodes.failed, message)
}
