import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerQuestion, confirmWindows, questionTitled } from '../harness/app/act/questions'
import { openScene, type Scene, screenshot } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

/*
 * An idle endpoint from the simulator to the Costs page, through the app's own window, and back. How the page itself
 * behaves, and when the alert comes, is tested in `test/browser/serverless-workers.test.ts`.
 */

let scene: Scene
let page: Page

beforeAll(async () => {
  scene = await openScene({
    pods: [{ id: 'a', name: 'trainer', mode: 'training' }],
    settings: { pollActiveS: 5 },
  })
  scene.runpod.addEndpoint({ id: 'idle', name: 'image-generator', minWorkers: 2 })
  scene.runpod.addEndpoint({ id: 'off', name: 'scaled-to-zero' })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('costs')")
  page = await scene.running.mainWindow()
  await page.setViewportSize({ width: 1_180, height: 820 })
})
afterAll(() => scene?.close())

const changes = () => scene.runpod.requests.filter(({ method }) => method === 'PATCH')

test('an idle endpoint is on the Costs page, and its minimum is set to 0 once the app’s own window was confirmed', async () => {
  const section = page.getByRole('region', { name: 'Serverless workers' })
  await section.waitFor()
  await section.scrollIntoViewIfNeeded()
  expect(await section.textContent()).toMatch(
    /image-generatorminimum 2 workersIdle since .*up to \$\d+\.\d\d\/hr/,
  )
  expect(await section.textContent()).not.toContain('scaled-to-zero')
  await screenshot(page, 'costs-serverless')
  scene.runpod.fault({ kind: 'reset-after', method: 'PATCH', path: '/v2/serverless/idle', count: 1 })
  await section.getByRole('button', { name: 'image-generator: Set minimum to 0…' }).click()
  const question = await questionTitled(scene.running, 'Set the minimum of image-generator to 0 workers?')
  await screenshot(question, 'questions/set-minimum')
  expect(changes()).toEqual([])
  await answerQuestion(scene.running, /^Set the minimum/, 'Set minimum to 0')
  await waitUntil('the question to be gone', () => confirmWindows(scene.running).length === 0)
  // The answer is lost, so it is found out by reading.
  await section.waitFor({ state: 'detached' })
  expect(changes()).toHaveLength(1)
  await page.evaluate("window.app.openWindow('activity')")
  await page.getByText('The minimum of the endpoint image-generator was set to 0 workers.').first().waitFor()
})
