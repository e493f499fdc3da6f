import { expect, test } from 'vitest'
import { failedKeyText, verdictText } from '../../../src/renderer/connect/verdict-text'

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

test('the text of a key that is not accepted says what to do', () => {
  const refused = { kind: 'refused', message: 'Runpod does not accept this key. Unauthorized' } as const
  const sentence =
    'Runpod does not accept this key. Unauthorized. Copy the key again, or create one with read access.'
  expect(failedKeyText(refused)).toBe(sentence)
  expect(verdictText(refused)).toBe(sentence)
  expect(failedKeyText({ kind: 'undecided', message: 'No answer.' })).toBe(
    'No answer. Try again in a moment.',
  )
  // Its message says it already.
  expect(failedKeyText({ kind: 'not-a-key', message: 'Copy the key first.' })).toBe('Copy the key first.')
})
