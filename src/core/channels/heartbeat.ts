import type { Result } from '../base/result'
import type { Clock } from '../base/time/clock'
import { MINUTE_MS, SECOND_MS } from '../base/time/time'
import { heartbeatText } from './heartbeat-text'

/** Where a dead-man's switch expects a request. Who knows the address can keep the switch from firing, so it is a secret. */
export interface HeartbeatTarget {
  readonly url: string
  readonly everyMinutes: number
}

export const MIN_HEARTBEAT_MINUTES = 1
export const MAX_HEARTBEAT_MINUTES = 1_440

export interface HeartbeatOptions {
  readonly clock: Clock
  /** As it is set now; null: nothing is sent. */
  readonly target: () => HeartbeatTarget | null
  /** This program sees the pods of all accounts and carries out what is due. */
  readonly isWell: () => boolean
  /** The error is a clause without the address. */
  readonly send: (url: string) => Promise<Result<void, string>>
  /** A sentence, when requests begin, fail or arrive again. */
  readonly report: (text: string, isProblem: boolean) => void
}

export interface Heartbeat {
  /** Call it once. */
  readonly start: () => void
  readonly dispose: () => void
}

/** Not that of requests' time limits, which tests wait for. */
const CHECK_EVERY_MS = 15 * SECOND_MS
const RETRY_MS = MINUTE_MS

/**
 * Sends a request to a dead-man's switch at its interval, and none while this program can't observe or act, so that the
 * switch fires. See docs/product-rules.md#165-health.
 */
export function createHeartbeat({ clock, target, isWell, send, report }: HeartbeatOptions): Heartbeat {
  let cancel = (): void => {}
  let isDisposed = false
  /** Of the last request; null: none was sent to this address. */
  let last: { readonly url: string; readonly atMs: number; readonly arrived: boolean } | null = null
  let isSending = false

  function check(): void {
    cancel = clock.schedule(CHECK_EVERY_MS, check)
    const to = target()
    if (to === null || isSending || !isDue(to) || !isWell()) return
    isSending = true
    void sendTo(to).finally(() => (isSending = false))
  }

  function isDue({ url, everyMinutes }: HeartbeatTarget): boolean {
    if (last === null || last.url !== url) return true
    const everyMs = everyMinutes * MINUTE_MS
    return clock.now().monotonicMs - last.atMs >= (last.arrived ? everyMs : Math.min(everyMs, RETRY_MS))
  }

  async function sendTo({ url, everyMinutes }: HeartbeatTarget): Promise<void> {
    const before = last?.url === url ? last.arrived : null
    const atMs = clock.now().monotonicMs
    const sent = await send(url)
    last = { url, atMs, arrived: sent.ok }
    if (isDisposed || before === sent.ok) return
    if (sent.ok) report(before === null ? heartbeatText.begins(everyMinutes) : heartbeatText.works, false)
    else report(heartbeatText.fails(sent.error), true)
  }

  return {
    start: check,
    dispose() {
      isDisposed = true
      cancel()
    },
  }
}
