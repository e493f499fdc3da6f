import { beforeAll, describe, expect, test } from 'vitest'
import type { SharedTerminalApp } from '../../harness/app/start/terminal-app'
import type { TerminalHarness } from '../../harness/app/start/terminal-harness'

export function describeHidden(app: SharedTerminalApp): void {
  describe('a hidden window', () => {
    let harness: TerminalHarness
    beforeAll(async () => {
      harness = await app.openTerminal('on its page')
    })

    /** Makes the page report itself as hidden, because the test driver keeps all pages active. */
    const HIDE = `(() => {
  globalThis.isHidden = true
  Object.defineProperty(document, 'visibilityState', { get: () => (isHidden ? 'hidden' : 'visible') })
  document.dispatchEvent(new Event('visibilitychange'))
  // As Chromium has it: once a second.
  const later = setTimeout
  globalThis.setTimeout = (run, ms) => later(run, isHidden ? 1_000 : ms)
})()`
    const SHOW = `(() => {
  isHidden = false
  document.dispatchEvent(new Event('visibilitychange'))
})()`

    test("does not block the pod's output, and shows all of it when visible again", async () => {
      const { page } = harness
      await page.locator('.screen').click()
      await page.evaluate(HIDE)
      const lines = "seq -f 'line %012g of what the pod prints meanwhile' 60000"
      await harness.type(`${lines}; printf '\\033]2;writ''ten\\007'; echo en''ded\r`)
      await expect.poll(async () => (await harness.terminal()).title, { interval: 500 }).toBe('written')
      await page.evaluate(SHOW)
      await expect.poll(() => harness.text()).toContain('ended')
      expect(await harness.text()).toContain('line 000000060000 of what')
      await page.keyboard.type('echo ba""ck')
      await page.keyboard.press('Enter')
      await expect.poll(() => harness.text()).toMatch(/^back$/m)
    })
  })
}
