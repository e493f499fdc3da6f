import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTerminalRig, type TerminalRig } from '../harness/app/terminal-rig'

let rig: TerminalRig
beforeAll(async () => {
  rig = await openTerminalRig()
})
afterAll(() => rig.close())

/** The page takes itself for one that nobody sees: what drives the tests keeps all pages awake, hidden or not. */
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

test('a hidden window does not hold up what the pod prints, and shows all of it once it is back', async () => {
  const { page } = rig
  await page.locator('.screen').click()
  await page.evaluate(HIDE)
  const lines = "seq -f 'line %012g of what the pod prints meanwhile' 200000"
  await rig.type(`${lines}; printf '\\033]2;writ''ten\\007'; echo en''ded\r`)
  await expect.poll(async () => (await rig.terminal()).title, { interval: 500 }).toBe('written')
  await page.evaluate(SHOW)
  await expect.poll(() => rig.text()).toContain('ended')
  expect(await rig.text()).toContain('line 000000200000 of what')
  await page.keyboard.type('echo ba""ck')
  await page.keyboard.press('Enter')
  await expect.poll(() => rig.text()).toMatch(/^back$/m)
})
