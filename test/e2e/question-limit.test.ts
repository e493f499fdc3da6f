import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerQuestion, confirmWindows, questionTitled } from '../harness/app/act/questions'
import { actionsSent, card, openScene, podKeyIn, type Scene, screenshot } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

/* Ten questions may be open in the app's own window. What would ask one more says so where it began. */

const names = Array.from({ length: 11 }, (_, index) => `scratch-${index}`)

let scene: Scene
beforeAll(async () => {
  scene = await openScene({ pods: names.map((name) => ({ id: name, name, mode: 'training' })) })
  await scene.pasteKey()
  await waitUntil('the pods', async () => (await card(scene.page, 'scratch-10').count()) === 1)
})
afterAll(() => scene?.close())

test('an eleventh question is refused in the window that asked, until another one is answered', async () => {
  const keys = await Promise.all(names.slice(0, 10).map((name) => podKeyIn(scene.page, name)))
  await scene.page.evaluate(`${JSON.stringify(keys)}.forEach((id) => void window.app.act(id, 'stop'))`)
  await questionTitled(scene.running, 'Stop scratch-0?')
  const stop = () =>
    card(scene.page, 'scratch-10').getByRole('button', { name: 'Stop scratch-10', exact: true }).click()
  await stop()
  await expect
    .poll(() => scene.page.textContent('body'))
    .toContain(
      'scratch-10 was not stopped: Too many questions are open, so nothing was done. Answer them, then try again.',
    )
  await screenshot(scene.page, 'too-many-questions')
  await answerQuestion(scene.running, 'Stop scratch-0?', 'Cancel')
  await questionTitled(scene.running, 'Stop scratch-1?')
  await stop()
  for (const name of names.slice(1)) await answerQuestion(scene.running, `Stop ${name}?`, 'Cancel')
  await waitUntil('no question', () => confirmWindows(scene.running).length === 0)
  expect(actionsSent(scene)).toEqual([])
})
