import { expect, test } from 'vitest'
import { verdictText } from '../../../src/renderer/connect/verdict-text'

test('the text of an accepted key says what the key can read and where it is stored', () => {
  const accepted = {
    kind: 'accepted',
    podCount: 5,
    balanceUsd: 164.2,
    ending: '9f3c',
    accountId: 'account',
    accountName: 'Runpod',
    isNew: true,
  } as const
  expect(verdictText({ ...accepted, storage: 'system-keyring' })).toBe(
    'Watching 5 pods. Balance $164.20. The key ending in 9f3c is stored in the system keyring.',
  )
  expect(verdictText({ ...accepted, podCount: 1, balanceUsd: null, storage: 'session-only' })).toContain(
    'Watching 1 pod.',
  )
})
