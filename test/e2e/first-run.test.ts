import { afterEach, expect, test } from 'vitest'
import type { Scene } from './harness/scene'
import { card, openScene, screenshot } from './harness/scene'

let scene: Scene
afterEach(() => scene?.close())

test('a wrong key is refused, the right one shows the pods', async () => {
  scene = await openScene({ pods: [{ name: 'llama', mode: 'training' }] })
  await screenshot(scene.page, 'first-run')
  await scene.pasteKey('rpa_this_key_was_never_valid')
  await expect.poll(() => scene.page.textContent('body')).toContain('does not accept this key')
  await screenshot(scene.page, 'first-run-refused')
  await scene.pasteKey()
  await expect.poll(() => card(scene.page, 'llama').count()).toBe(1)
  await screenshot(scene.page, 'first-run-connected')
})

test('without an account there is the demo', async () => {
  scene = await openScene()
  await scene.page.getByRole('button', { name: 'Try it without an account' }).click()
  await expect.poll(() => card(scene.page, 'llama-70b-sft').count()).toBe(1)
  await screenshot(scene.page, 'demo')
})
