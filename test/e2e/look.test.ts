import { afterEach, expect, test } from 'vitest'
import { FULL_KEY } from '../../src/simulator/simulator'
import { demoPods } from '../../src/simulator/demo'
import { createFleet } from '../../src/simulator/create-fleet'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import { openScene, type Scene, screenshot } from '../harness/app/start/scene'

/*
 * Saves screenshots in both color schemes to screenshots/ and checks each one: nothing overflows the window, and
 * nothing moves at rest. axe-core finds no violations in the pages that main-window-states.test.ts, which runs it on
 * every state of the popover, cannot show.
 */

let scene: Scene
afterEach(() => scene?.close())

async function look(name: string, { hasAxe = false } = {}): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await scene.page.emulateMedia({ colorScheme })
    await screenshot(scene.page, `${name}-${colorScheme}`)
    if (hasAxe) {
      await loadAxe(scene.page)
      expect(await axeFaults(scene.page, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
    }
    expect(await scene.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await expect.poll(() => scene.page.evaluate('document.getAnimations().length')).toBe(0)
  }
}

const body = () => scene.page.textContent('body')
const cards = () => scene.page.getByRole('article').count()

test('the first run and an account without pods pass the visual checks', async () => {
  scene = await openScene()
  await expect.poll(body).toContain('Connect your Runpod account')
  await look('first-run')
  await scene.running.app.evaluate(({ clipboard }, key) => clipboard.writeText(key), FULL_KEY)
  await scene.page.getByRole('button', { name: 'Paste key' }).click()
  await expect.poll(body).toContain('No pods')
  await look('none')
})

test('five pods, a stop that can be undone, an outage and a rejected key pass the visual checks', async () => {
  scene = await openScene({ pods: demoPods, settings: { undoS: 60, keyRetryS: 1, idleAlertAfterMin: 0.1 } })
  await scene.pasteKey()
  await expect.poll(cards).toBe(5)
  await expect.poll(body).toMatch(/Idle ([6-9]|[1-5]\d) s|Idle \d+ min/)
  await look('five')
  await scene.page.getByRole('button', { name: 'Stop mcmc-planck' }).click()
  await expect.poll(body).toContain('Stopping mcmc-planck in')
  await look('undo', { hasAxe: true })

  scene.runpod.fault({ kind: 'reset-before' })
  await expect.poll(body).toContain('no answer for')
  await look('offline')
  scene.runpod.clearFaults()
  scene.runpod.fault({ kind: 'unauthorized' })
  await expect.poll(body).toContain('key refused')
  await look('key-refused')
})

test('forty pods of every kind, one with a name of 60 characters, pass the visual checks, and two hundred can be scrolled', async () => {
  scene = await openScene({ pods: createFleet(40, 7) })
  await scene.pasteKey()
  await expect.poll(cards).toBe(40)
  await expect.poll(body).toMatch(/Idle/)
  await look('forty', { hasAxe: true })
  await scene.page.setViewportSize({ width: 360, height: 640 })
  await scene.page.locator('h3[title]').evaluateAll((headings) => {
    const longest = headings.sort((a, b) => (b.textContent?.length ?? 0) - (a.textContent?.length ?? 0))[0]
    longest?.scrollIntoView()
  })
  await look('long-name')

  for (const pod of createFleet(200, 7).slice(40)) scene.runpod.addPod(pod)
  await expect.poll(cards).toBe(200)
  await scene.page.getByRole('article').last().scrollIntoViewIfNeeded()
  await screenshot(scene.page, 'two-hundred-end')
})
