import type { AuditEntry } from '../../audit-log/audit-log'
import { appEntry } from '../../audit-log/audit-text'
import type { Clock } from '../../base/time/clock'
import { HOUR_MS, SECOND_MS } from '../../base/time/time'

export const refusalReasons = ['token', 'rights', 'origin'] as const
/** `token`: none that is valid. `rights`: the token has none for it. `origin`: a web page, or another name of the host. */
export type RefusalReason = (typeof refusalReasons)[number]

/** Requests that were refused for the same reason. */
export interface RefusedRequests {
  /** Null: they had no valid token. */
  readonly tokenName: string | null
  readonly reason: RefusalReason
  readonly count: number
}

export interface RefusedRequestsLog {
  add(tokenName: string | null, reason: RefusalReason): void
  /** What isn't recorded by then is not recorded. */
  close(): void
}

export interface RefusedRequestsLogOptions {
  readonly clock: Pick<Clock, 'schedule'>
  /** Resolves with whether it is in the activity log. Never rejects. */
  readonly record: (refused: RefusedRequests) => Promise<boolean>
}

const FIRST_MS = 10 * SECOND_MS
const LONGEST_MS = HOUR_MS
const SLOWDOWN = 10

/** In which requests of one token and reason are counted. */
interface CountedWindow extends RefusedRequests {
  readonly lengthMs: number
  count: number
  readonly cancel: () => void
}

/**
 * Counts refused requests and records them once for each token and reason: after ten seconds, and, while they go on,
 * less and less often, up to once an hour. So a flood is a few entries with counts. See docs/product-rules.md#161-who-may-ask.
 */
export function createRefusedRequestsLog({ clock, record }: RefusedRequestsLogOptions): RefusedRequestsLog {
  const windows = new Map<string, CountedWindow>()
  let isClosed = false

  function open(key: string, of: Pick<CountedWindow, 'tokenName' | 'reason' | 'count' | 'lengthMs'>): void {
    const cancel = clock.schedule(of.lengthMs, () => void end(key))
    windows.set(key, { ...of, cancel })
  }

  async function end(key: string): Promise<void> {
    const ended = windows.get(key)
    windows.delete(key)
    // After a quiet window, the next one is recorded within ten seconds again.
    if (ended === undefined || ended.count === 0) return
    const { tokenName, reason, count } = ended
    const lengthMs = Math.min(ended.lengthMs * SLOWDOWN, LONGEST_MS)
    if (!isClosed) open(key, { tokenName, reason, count: 0, lengthMs })
    const isRecorded = await record({ tokenName, reason, count })
    const next = windows.get(key)
    if (!isRecorded && next !== undefined) next.count += count
  }

  return {
    add(tokenName, reason) {
      const key = JSON.stringify([tokenName, reason])
      const known = windows.get(key)
      if (known !== undefined) known.count += 1
      else if (!isClosed) open(key, { tokenName, reason, count: 1, lengthMs: FIRST_MS })
    },
    close() {
      isClosed = true
      for (const { cancel } of windows.values()) cancel()
      windows.clear()
    },
  }
}

export function refusedEntry({ tokenName, reason, count }: RefusedRequests, atMs: number): AuditEntry {
  const requests = count === 1 ? 'a request' : `${count.toLocaleString('en-US')} requests`
  const of = {
    token: ' without a valid token',
    rights: ` of the token “${tokenName ?? ''}”, which may not do this`,
    origin: ' that came from a web page, or by a host name that isn’t allowed',
  }[reason]
  return appEntry('api-refused', `The Pods API refused ${requests}${of}.`, 'warning', atMs)
}
