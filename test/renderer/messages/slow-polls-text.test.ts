import { expect, test } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { slowPollsText } from '../../../src/renderer/messages/messages-text'

test('polling that the quota slows down is shown with its interval', () => {
  expect(slowPollsText(4 * MINUTE_MS)).toBe('Checking every 4 min to stay within the rate limit.')
  expect(slowPollsText(237_000)).toBe('Checking every 4 min to stay within the rate limit.')
  expect(slowPollsText(40_000)).toBe('Checking every 40 s to stay within the rate limit.')
})
