import { afterEach, expect, test } from 'vitest'
import { FULL_KEY } from '../../src/simulator/simulator'
import { actionsSent, openScene, type Scene } from '../harness/app/start/scene'

let scene: Scene
afterEach(() => scene?.close())

/** The accessible name of the focused element. */
const focused = (): Promise<unknown> =>
  scene.page.evaluate(
    '(document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent).trim()',
  )

async function tabTo(name: string): Promise<void> {
  for (let step = 0; step < 30 && (await focused()) !== name; step++) await scene.page.keyboard.press('Tab')
  expect(await focused()).toBe(name)
}

test('the keyboard alone can paste a key, stop a pod, undo that, stop it again, and start it', async () => {
  scene = await openScene({
    pods: [{ id: 'a', name: 'a', mode: 'training', persistent: { sizeGb: 20, path: '/workspace' } }],
    settings: { undoS: 60 },
  })
  const { page } = scene
  await scene.running.app.evaluate(({ clipboard }, key) => clipboard.writeText(key), FULL_KEY)
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('api-key')
  await page.keyboard.type('abc')
  await expect.poll(() => page.textContent('body')).toContain('Keys can’t be typed here')
  await page.keyboard.press('Control+v')
  await expect.poll(() => page.getByRole('article').count()).toBe(1)

  await tabTo('Stop a')
  await page.keyboard.press('Enter')
  // The focus stays on the card, and one letter undoes the stop.
  await expect.poll(focused).toBe('Terminal on a')
  await page.keyboard.press('z')
  await expect.poll(() => page.textContent('body')).toContain('Stop undone: a')
  expect(await focused()).toBe('Terminal on a')
  expect(actionsSent(scene)).toEqual([])

  // There was time to undo it; now nothing is to be waited for.
  await page.evaluate("window.app.changeSetting('undoS', 2)")
  await page.keyboard.press('Shift+Tab')
  await tabTo('Stop a')
  await page.keyboard.press('Space')
  await expect.poll(() => page.getByRole('button', { name: 'Start a' }).count()).toBe(1)
  await tabTo('Start a')
  await page.keyboard.press('Enter')
  await expect.poll(() => actionsSent(scene)).toEqual(['stop a', 'start a'])

  await tabTo('More')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.getByRole('menuitem').count()).toBeGreaterThan(1)
  await page.locator('[role^=menuitem]:focus').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(focused).toBe('More')
})

test('letters that are typed while the palette opens do nothing on the page', async () => {
  scene = await openScene({ pods: [{ id: 'a', name: 'a', mode: 'training' }] })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  const page = await scene.running.mainWindow()
  await page.getByRole('article').waitFor()
  // In one turn of the page, so that nothing is drawn in between.
  await page.evaluate(`for (const init of [{ key: 'k', ctrlKey: true }, { key: 'n' }])
    document.body.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }))`)
  await page.locator('.palette-field :focus').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Pods')
  await page.keyboard.press('n')
  await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).toBe('New pod')
})
