import {
  type ConnectionState,
  type ConnectionView,
  initialConnection,
  liveConnection,
  nextPollDelayMs,
  pollIntervalMs,
  toConnectionView,
  withFailure,
} from './connection'
import type { Fleet } from './fleet'
import type { IntentContext } from '../intents/intent-runner'
import type { ProviderError } from '../pods/provider'
import type { Settings } from '../settings/settings'

export interface PollingContext extends Pick<IntentContext, 'clock' | 'provider' | 'random'> {
  readonly settings: () => Settings
}

export interface ConnectionTrackerOptions {
  readonly hasOpenIntent: () => boolean
  /** Whether a rule may stop a pod that was last seen running. */
  readonly hasArmedPod: () => boolean
}

/** The connection of one account, and when its next poll is due. */
export interface ConnectionTracker {
  isLive(): boolean
  /** The key is not accepted, or may not list pods. */
  isRefused(): boolean
  onSuccess(): void
  onFailure(error: ProviderError): void
  /** See `nextPollDelayMs`. Called after each poll. */
  nextDelayMs(): number
  /** `nextPollAtMs`: Unix ms. */
  view(nextPollAtMs: number): ConnectionView
}

export function createConnectionTracker(
  { clock, provider, settings, random }: PollingContext,
  fleet: Pick<Fleet, 'hasActivePod' | 'addSpacing'>,
  options: ConnectionTrackerOptions,
): ConnectionTracker {
  let connection: ConnectionState = initialConnection
  let slowedToMs: number | null = null

  return {
    isLive: () => connection.state.kind === 'live',
    isRefused: () => ['key-refused', 'forbidden'].includes(toConnectionView(connection, 0, null).kind),
    onSuccess() {
      connection = liveConnection
    },
    onFailure(error) {
      connection = withFailure(connection, error, clock.now(), settings())
    },
    nextDelayMs() {
      const now = clock.now()
      const minIntervalMs = provider.minPollIntervalMs()
      const conditions = {
        hasOpenIntent: options.hasOpenIntent(),
        hasActivePod: fleet.hasActivePod(),
        hasArmedPod: connection.state.kind === 'refused' && options.hasArmedPod(),
        minIntervalMs,
      }
      const delayMs = nextPollDelayMs(connection, now, conditions, settings(), random)
      if (connection.state.kind === 'live') fleet.addSpacing(delayMs, now)
      const usualMs = pollIntervalMs({ ...conditions, hasOpenIntent: false }, settings())
      slowedToMs = minIntervalMs > usualMs ? minIntervalMs : null
      return delayMs
    },
    view: (nextPollAtMs) => toConnectionView(connection, nextPollAtMs, slowedToMs),
  }
}
