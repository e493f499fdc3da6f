import { afterEach, expect, test } from 'vitest'
import { FULL_KEY } from '../../src/simulator/simulator'
import { card, openScene, type Scene, screenshot } from '../harness/app/scene'

let scene: Scene
afterEach(() => scene?.close())

const body = () => scene.page.textContent('body')
const guard = () => scene.page.evaluate('window.app.snapshot().then(({ value }) => value.guard.autoStop)')

/** The accessible name of the focused element. */
const focused = (): Promise<unknown> =>
  scene.page.evaluate(`(() => {
    const one = document.activeElement
    return (one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent).trim()
  })()`)

async function tabTo(name: RegExp): Promise<void> {
  const isThere = async () => name.test(String(await focused()))
  for (let step = 0; step < 40 && !(await isThere()); step++) await scene.page.keyboard.press('Tab')
  expect(await focused()).toMatch(name)
}

async function pasteByKeyboard(key: string): Promise<void> {
  await scene.running.app.evaluate(({ clipboard }, text) => clipboard.writeText(text), key)
  await expect.poll(() => scene.page.evaluate('document.activeElement.id')).toBe('api-key')
  await scene.page.keyboard.press('Control+v')
}

test('the first run works by keyboard alone: a wrong key is rejected, and the right one leads through the steps to the pods', async () => {
  scene = await openScene({
    pods: [
      { id: 'a', name: 'llama', mode: 'training' },
      { id: 'b', name: 'whisper', mode: 'training' },
    ],
  })
  const { page } = scene
  await screenshot(page, 'first-run')
  await pasteByKeyboard('rpa_this_key_was_never_valid')
  await expect.poll(body).toContain('does not accept this key')
  await screenshot(page, 'first-run-refused')

  await pasteByKeyboard(FULL_KEY)
  await expect.poll(focused).toBe('What shall Podkeeper watch for?')
  await expect.poll(() => page.getByRole('checkbox').count()).toBe(2)
  expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0)
  expect(await guard()).toBe('undecided')
  await screenshot(page, 'first-run-watch')
  await tabTo(/^whisper/)
  await page.keyboard.press('Space')
  await expect.poll(body).toContain('1 of 2 pods may be stopped automatically.')
  await tabTo(/^Next$/)
  await page.keyboard.press('Enter')

  await expect.poll(focused).toBe('Done')
  expect(await guard()).toBe('ticked')
  await screenshot(page, 'first-run-done')
  await tabTo(/^Show my pods$/)
  await page.keyboard.press('Enter')
  await expect.poll(() => card(page, 'llama').count()).toBe(1)
  await screenshot(page, 'first-run-connected')

  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  await pasteByKeyboard(FULL_KEY)
  await expect.poll(() => card(scene.page, 'whisper').count()).toBe(1)
  expect(await guard()).toBe('ticked')
})

test('a user who skips the steps is asked nothing more, and no pod is stopped', async () => {
  scene = await openScene({ pods: [{ name: 'llama', mode: 'training' }] })
  await scene.pasteKeyByHand()
  await expect.poll(() => card(scene.page, 'llama').count()).toBe(1)
  expect(await guard()).toBe('undecided')
})

test('a user without an account can start the demo, whose pods can be selected at once', async () => {
  scene = await openScene()
  await scene.page.getByRole('button', { name: 'Try it without an account' }).click()
  await expect.poll(() => card(scene.page, 'llama-70b-sft').count()).toBe(1)
  await expect.poll(guard).toBe('ticked')
  await screenshot(scene.page, 'first-run-demo')
})
