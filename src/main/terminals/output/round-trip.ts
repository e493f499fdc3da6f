import type { Clock } from '../../../core/base/time/clock'
import { SECOND_MS } from '../../../core/base/time/time'
import type { SshShell } from '../../../ssh/connection/ssh-shell'
import type { OutputStream } from './output-stream'

const MEASURE_INTERVAL_MS = 5 * SECOND_MS

/**
 * Measures the round-trip time of a shell in whole ms, at first and while a window is attached; null when
 * there was no reply. Reports each change. Returns a function that stops it.
 */
export function trackRoundTrip(
  shell: Pick<SshShell, 'measureRoundTrip'>,
  clock: Pick<Clock, 'schedule'>,
  output: Pick<OutputStream, 'isAttached'>,
  onChange: (roundTripMs: number | null) => void,
): () => void {
  let last: number | null = null
  let isEnded = false
  let cancel = (): void => {}

  async function measure(): Promise<void> {
    // Only attached terminals show it.
    const ms = last === null || output.isAttached() ? await shell.measureRoundTrip() : last
    if (isEnded) return
    const roundTripMs = ms === null ? null : Math.round(ms)
    if (roundTripMs !== last) onChange(roundTripMs)
    last = roundTripMs
    cancel = clock.schedule(MEASURE_INTERVAL_MS, () => void measure())
  }

  void measure()
  return () => {
    isEnded = true
    cancel()
  }
}
