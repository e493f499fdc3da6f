import type { Clock } from '../../core/base/clock'
import { SECOND_MS } from '../../core/base/time'
import type { SshShell } from '../../ssh/connection/ssh-shell'
import type { OutputPath } from './output-stream'

const EVERY_MS = 5 * SECOND_MS

/**
 * Measures how long an answer of a shell takes, whole ms, at first and as long as a window is attached; null: it gave none.
 * Tells each change. Returns what ends it.
 */
export function followRoundTrip(
  shell: Pick<SshShell, 'measureRoundTrip'>,
  clock: Pick<Clock, 'schedule'>,
  output: Pick<OutputPath, 'isAttached'>,
  onChange: (roundTripMs: number | null) => void,
): () => void {
  let last: number | null = null
  let isOver = false
  let cancel = (): void => {}

  async function measure(): Promise<void> {
    // Nobody looks at the others.
    const ms = last === null || output.isAttached() ? await shell.measureRoundTrip() : last
    if (isOver) return
    const roundTripMs = ms === null ? null : Math.round(ms)
    if (roundTripMs !== last) onChange(roundTripMs)
    last = roundTripMs
    cancel = clock.schedule(EVERY_MS, () => void measure())
  }

  void measure()
  return () => {
    isOver = true
    cancel()
  }
}
