import type { Clock } from '../../core/base/time/clock'
import { SECOND_MS } from '../../core/base/time/time'
import { openLogReader } from '../../core/logs/log-reader'
import type { Provider } from '../../core/pods/provider'
import { refusedProblem } from './tool'

/** Runpod doesn't say when past lines are complete. */
const QUIET_MS = 1.5 * SECOND_MS
const LONGEST_MS = 10 * SECOND_MS

/** The last lines that a pod printed. Throws a `ToolProblem` where they cannot be read. */
export function readLogEnd(
  provider: Provider,
  podId: string,
  lines: number,
  clock: Clock,
): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const found: string[] = []
    let cancelQuiet = clock.schedule(LONGEST_MS, finish)
    const cancelLongest = clock.schedule(LONGEST_MS, finish)
    const reader = openLogReader({
      provider,
      podId,
      clock,
      random: Math.random,
      source: null,
      tail: lines,
      sinceMs: null,
      onLines(read) {
        found.push(...read.map(({ text }) => text))
        cancelQuiet()
        cancelQuiet = clock.schedule(QUIET_MS, finish)
      },
      onState(state) {
        if (state.kind === 'failed' || (state.kind === 'waiting' && state.why !== null))
          end(() => reject(refusedProblem(state.why ?? '')))
      },
    })

    function finish(): void {
      end(() => resolve(found.slice(-lines)))
    }

    function end(settle: () => void): void {
      cancelQuiet()
      cancelLongest()
      reader.close()
      settle()
    }
  })
}
