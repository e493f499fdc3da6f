import { afterAll, beforeAll, expect, test } from 'vitest'
import { FULL_KEY } from '../../src/simulator/simulator'
import { confirmByKeyboard, declineByKeyboard, questionTitled } from '../harness/app/act/questions'
import { card, openCard, openScene, type Scene, screenshot, VOLUME } from '../harness/app/start/scene'

/* One app, which is started again at the end. The tests run in order. */

let scene: Scene
beforeAll(async () => {
  scene = await openScene({
    pods: [
      { id: 'a', name: 'llama', mode: 'training', ...VOLUME },
      { id: 'b', name: 'whisper', mode: 'idle', ...VOLUME },
      { id: 'c', name: 'scratch', mode: 'idle' },
    ],
    settings: { idleAlertAfterMin: 0.05 },
  })
})
afterAll(() => scene?.close())

const body = () => scene.page.textContent('body')
const guard = () => scene.page.evaluate('window.app.snapshot().then(({ value }) => value.guard.autoStop)')

async function pasteByKeyboard(key: string): Promise<void> {
  await scene.running.app.evaluate(({ clipboard }, text) => clipboard.writeText(text), key)
  await expect.poll(() => scene.page.evaluate('document.activeElement.id')).toBe('api-key')
  await scene.page.keyboard.press('Control+v')
}

test('a user without an account can start the demo, where auto-stop waits to be chosen as anywhere', async () => {
  await scene.page.getByRole('button', { name: 'Try the demo' }).click()
  await expect.poll(() => card(scene.page, 'llama-70b-sft').count()).toBe(1)
  expect(await guard()).toBe('undecided')
  await screenshot(scene.page, 'first-run-demo')
  await scene.page.evaluate('window.app.leaveDemo()')
})

test('the first run is one step by keyboard alone: a wrong key is rejected with the reason, and the right one shows the pods', async () => {
  const { page } = scene
  await expect.poll(body).toContain('Podkeeper stops nothing automatically until you turn on auto-stop.')
  await screenshot(page, 'first-run')
  await pasteByKeyboard('rpa_this_key_was_never_valid')
  await expect.poll(body).toContain('does not accept this key')
  await screenshot(page, 'first-run-refused')
  await pasteByKeyboard(FULL_KEY)
  await expect.poll(() => page.getByRole('article').count()).toBe(3)
  expect(await page.evaluate('document.activeElement.tagName')).not.toBe('BODY')
  expect(await guard()).toBe('undecided')
})

test('auto-stop is offered once on an idle pod that keeps its data, and turned on for that pod alone', async () => {
  const { page } = scene
  const offer = page.getByRole('group', { name: 'Auto-stop' })
  await openCard(page, 'whisper')
  await expect.poll(() => offer.textContent()).toContain('Stop this pod automatically when it stays idle?')
  expect(await offer.textContent()).toContain('only while it runs; a guard in the pod')
  expect(await offer.count()).toBe(1)
  expect(await card(page, 'whisper').getByRole('group', { name: 'Auto-stop' }).count()).toBe(1)
  await screenshot(page, 'first-run-offer')
  // A pod that was selected while auto-stop was off is named before it is armed.
  const keyOf = (name: string) =>
    page.evaluate<string>(
      `window.app.snapshot().then(({ value }) => value.pods.find((pod) => pod.name === '${name}').key)`,
    )
  await page.evaluate(`window.app.changePodRules('${await keyOf('llama')}', { isAutoStopped: true })`)
  const askToTurnOn = async () => {
    await offer.getByRole('button', { name: 'Turn on for this pod' }).press('Enter')
    const question = await questionTitled(scene.running, 'Turn on auto-stop for this account?')
    expect(await question.textContent('body')).toMatch(
      /whisper \(.+\), after 6 h.*llama \(.+\), after 6 h \(selected earlier\)/,
    )
    await screenshot(question, 'first-run-turn-on')
    return question
  }
  await declineByKeyboard(scene.running, await askToTurnOn())
  expect(await guard()).toBe('undecided')
  await confirmByKeyboard(await askToTurnOn(), 'Turn on auto-stop')
  await expect.poll(guard).toBe('ticked')
  await expect.poll(() => offer.count()).toBe(0)
  const selected = () =>
    page.evaluate<string[]>(
      `window.app.snapshot().then(({ value }) =>
        value.pods.filter(({ guard }) => guard.isAutoStopEnabled).map(({ name }) => name))`,
    )
  await expect.poll(selected).toEqual(['whisper', 'llama'])
  await openCard(page, 'scratch')
  await expect.poll(() => card(page, 'scratch').textContent()).toContain('Idle')
  expect(await offer.count()).toBe(0)

  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  await pasteByKeyboard(FULL_KEY)
  await expect.poll(() => card(scene.page, 'whisper').count()).toBe(1)
  expect(await guard()).toBe('ticked')
})
