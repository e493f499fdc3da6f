import { formatRemaining } from '../../core/base/text/format'

/** That polling is slower than usual, as a sentence. `everyMs`: the interval between two lists. */
export function slowPollsText(everyMs: number): string {
  return `Checking every ${formatRemaining(everyMs)} to stay within the rate limit.`
}
