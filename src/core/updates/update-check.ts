import type { Result } from '../base/result'
import type { Clock } from '../base/time/clock'
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from '../base/time/time'
import {
  type FeedReader,
  newerRelease,
  readReleaseFeed,
  type Release,
  type SeenFeed,
  seenOf,
} from './release-feed'
import { updatesText } from './updates-text'

export interface UpdateState {
  /** Why nothing is checked, not even on request. `no-key`: this build knows no feed. */
  readonly unavailable: 'no-key' | 'demo' | null
  readonly isDaily: boolean
  readonly isChecking: boolean
  /** Of the last check that succeeded, Unix ms. */
  readonly checkedAtMs: number | null
  /** What came of the last check if it failed, as a sentence. */
  readonly problem: string | null
  readonly newer: Release | null
  /** By the newest feed that counted in this run. Null: not said. */
  readonly oldestSafeElectron: string | null
}

export interface UpdateCheckOptions {
  readonly clock: Clock
  /** Of the program that runs. */
  readonly version: string
  /** Null: this build has no key, or none that can be used. */
  readonly isSigned: FeedReader['isSigned'] | null
  readonly isDaily: () => boolean
  readonly isDemo: () => boolean
  /** The error is a sentence. */
  readonly fetchFeed: () => Promise<Result<string, string>>
  /** Of earlier runs. Null: none. */
  readonly loadSeen: () => SeenFeed | null
  /** Called for each feed that counts. */
  readonly onSeen: (seen: SeenFeed) => void
  readonly onChange: (state: UpdateState) => void
}

export interface UpdateCheck {
  readonly state: () => UpdateState
  /** Call it once. */
  readonly start: () => void
  /** Checks now, unless that isn't available. Never rejects. */
  readonly check: () => Promise<void>
  readonly dispose: () => void
}

/** A start has more urgent things to do. */
const FIRST_MS = MINUTE_MS
const LOOK_EVERY_MS = 10 * MINUTE_MS
const RETRY_MS = HOUR_MS

/** Asks for the feed of releases once a day. Nothing is installed. See docs/product-rules.md#17-updates. */
export function createUpdateCheck(options: UpdateCheckOptions): UpdateCheck {
  const { clock, version, isSigned, isDaily, isDemo } = options
  let cancel = (): void => {}
  let isChecking = false
  let lastTry: { readonly at: Instant; readonly isOk: boolean } | null = null
  let checkedAtMs: number | null = null
  let problem: string | null = null
  let newestSeen: SeenFeed | null = null
  let oldestSafeElectron: string | null = null
  let found: { readonly release: Release; readonly expiresAtMs: number } | null = null

  const unavailable = (): UpdateState['unavailable'] =>
    isSigned === null ? 'no-key' : isDemo() ? 'demo' : null

  const state = (): UpdateState => ({
    unavailable: unavailable(),
    isDaily: isDaily(),
    isChecking,
    checkedAtMs,
    problem,
    newer: found !== null && clock.now().wallMs < found.expiresAtMs ? found.release : null,
    oldestSafeElectron,
  })

  function look(): void {
    cancel = clock.schedule(LOOK_EVERY_MS, look)
    if (isDaily() && isDue()) void check()
  }

  /** The monotonic clock may stand still while the computer sleeps, and the other one may be set. */
  function isDue(): boolean {
    if (lastTry === null) return true
    const now = clock.now()
    const passedMs = Math.max(
      now.monotonicMs - lastTry.at.monotonicMs,
      Math.abs(now.wallMs - lastTry.at.wallMs),
    )
    return passedMs >= (lastTry.isOk ? DAY_MS : RETRY_MS)
  }

  async function check(): Promise<void> {
    if (isSigned === null || isChecking || unavailable() !== null) return
    isChecking = true
    options.onChange(state())
    const text = await options.fetchFeed()
    const { wallMs } = clock.now()
    newestSeen ??= options.loadSeen()
    const feed = text.ok ? readReleaseFeed(text.value, { nowMs: wallMs, newestSeen, isSigned }) : null
    lastTry = { at: clock.now(), isOk: feed?.ok === true }
    isChecking = false
    if (feed?.ok) {
      const release = newerRelease(feed.value, version)
      found = release && { release, expiresAtMs: feed.value.expiresAtMs }
      checkedAtMs = wallMs
      oldestSafeElectron = feed.value.oldestSafeElectron
      newestSeen = seenOf(feed.value)
      options.onSeen(newestSeen)
      problem = null
    } else {
      problem = text.ok ? updatesText.refused[feed?.error ?? 'unreadable'] : text.error
    }
    options.onChange(state())
  }

  return {
    state,
    start: () => void (cancel = clock.schedule(FIRST_MS, look)),
    check,
    dispose: () => cancel(),
  }
}
