import { afterAll, expect, test } from 'vitest'
import { openTerminalHarness, type TerminalHarness } from '../harness/app/start/terminal-harness'

let harness: TerminalHarness
afterAll(() => harness?.close())

test('the pod receives the size of the drawn terminal', async () => {
  harness = await openTerminalHarness()
  await harness.resizeTo(80, 24)
  await harness.type(`until [ "$(stty size)" = '24 80' ]; do sleep 0.1; done; echo to''ld\r`)
  await expect.poll(() => harness.text()).toMatch(/^told$/m)
})
