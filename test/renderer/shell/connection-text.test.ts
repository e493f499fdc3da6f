import { describe, expect, test } from 'vitest'
import type { ConnectionView } from '../../../src/core/polling/connection'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { connectionText } from '../../../src/renderer/shell/connection-text'
import { NOW_MS } from '../../harness/samples/pod-views'

describe('the connection text', () => {
  const text = (connection: ConnectionView) => connectionText(connection, NOW_MS - 4_000, NOW_MS, 'UTC')
  const failureTimes = { sinceMs: NOW_MS - 6 * MINUTE_MS, nextTryAtMs: NOW_MS + 40_000, failure: '' }

  test.each<[ConnectionView, string]>([
    [{ kind: 'live' }, 'live · 4 s ago'],
    [{ kind: 'connecting' }, 'as of 14:04 · connecting…'],
    [{ kind: 'connecting', isAskingKeyring: true }, 'as of 14:04 · asking the keyring…'],
    [{ kind: 'offline', ...failureTimes }, 'no answer for 6 min · trying again in 40 s'],
    [{ kind: 'offline', ...failureTimes, nextTryAtMs: NOW_MS }, 'no answer for 6 min · trying again now'],
    [{ kind: 'unreadable', ...failureTimes }, 'unexpected answer · trying again in 40 s'],
    [{ kind: 'rate-limited', untilMs: NOW_MS + 5 * MINUTE_MS }, 'rate-limited until 14:10'],
    [
      { kind: 'key-doubted', atMs: NOW_MS, retryAtMs: NOW_MS + 5 * MINUTE_MS },
      'checking the key again at 14:10',
    ],
  ])('describes %j', (connection, expected) => expect(text(connection)).toBe(expected))
})
