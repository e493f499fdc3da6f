import { expect, test } from 'vitest'
import { soakWindows } from '../../bench/soak/windows'

test('windows that are opened and closed leave no listener and no timer behind', async () => {
  const { openings, handleCount } = await soakWindows(20)
  expect(openings).toBe(20)
  expect(handleCount[1]).toBeLessThanOrEqual(handleCount[0])
})
