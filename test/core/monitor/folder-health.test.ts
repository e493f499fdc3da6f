import { expect, test } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { type AccountHealth, judgeHealth } from '../../../src/core/monitor/folder-health'

const healthOf = (...accounts: Partial<AccountHealth>[]) =>
  judgeHealth({
    version: '1.0.0',
    outboxMessages: 0,
    failedChannels: 0,
    diskErrors: 0,
    accounts: accounts.map((account, index) => ({
      id: `secret-${index}`,
      polls: 3,
      failedPolls: 0,
      silentMs: 0,
      limitMs: 5 * MINUTE_MS,
      heldStops: 0,
      obstacles: [],
      ...account,
    })),
  })

test('a program whose polls end is healthy, also while a pod or a notification has a problem', () => {
  expect(healthOf({})).toEqual({ live: true, acting: true, reason: null, outdated: false })
  expect(
    healthOf({
      heldStops: 1,
      obstacles: [
        { code: 'unjudged', podId: 'secret-pod' },
        { code: 'notifications', podId: null },
        { code: 'folder-held', podId: null },
      ],
    }).acting,
  ).toBe(true)
})

test('one account whose polls don’t end is enough to be stuck, however often others are polled', () => {
  expect(healthOf({}, { silentMs: 12 * MINUTE_MS }, {})).toEqual({
    live: false,
    acting: false,
    reason: 'No poll of an account has ended for 12 min.',
    outdated: false,
  })
  expect(healthOf({ silentMs: 5 * MINUTE_MS }).live).toBe(true)
})

test('what keeps the stops of an account from being carried out is a reason, without names', () => {
  expect(healthOf({}, { obstacles: [{ code: 'key-refused', podId: null }] })).toEqual({
    live: true,
    acting: false,
    reason: 'Runpod rejected the API key.',
    outdated: false,
  })
  expect(healthOf()).toMatchObject({ live: true, acting: false, reason: 'No account is watched yet.' })
})
