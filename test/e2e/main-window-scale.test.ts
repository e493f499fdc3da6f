import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFleet } from '../../src/simulator/create-fleet'
import { openScene, type Scene } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

/*
 * Hundreds of pods, of which few cards are rendered in full. The rest of them is tested in a browser by
 * test/browser/pods-cards-scale.test.ts.
 */

const COUNT = 400

let scene: Scene
let window: Page

beforeAll(async () => {
  // Polls are rare, because drawing a thousand pods every second takes all of a slow machine's CPU time.
  scene = await openScene({ pods: createFleet(COUNT, 7), settings: { pollActiveS: 15, pollIdleS: 15 } })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  window = await scene.running.mainWindow()
  // So many pods are a table by default, which test/browser/pods-table.test.ts tests.
  await window.getByRole('radio', { name: 'Cards' }).click()
  await waitUntil('all cards', async () => (await window.getByRole('article').count()) === COUNT)
})
afterAll(() => scene?.close())

test.each([
  ['after', 0],
  ['before', -1],
])(
  'the card %s the one with the focus is rendered, although no frame is drawn meanwhile',
  async (_, from) => {
    const start = window.getByRole('article').nth(from)
    await start.scrollIntoViewIfNeeded()
    await expect.poll(() => start.locator('.meta').count()).toBe(1)
    // Goes on as Tab does. Only promises are waited for, so that the browser reports nothing to the page.
    const visited = await window.evaluate<readonly string[]>(`(async () => {
    const all = [...document.querySelectorAll('article')]
    const articles = (${from} === 0 ? all : all.reverse()).slice(0, 60)
    const visited = []
    for (const article of articles) {
      const button = article.querySelector('button:not([tabindex="-1"])')
      if (button === null) break
      button.focus()
      visited.push(article.id)
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
    }
    return visited
  })()`)
    expect(visited).toHaveLength(60)
  },
)
