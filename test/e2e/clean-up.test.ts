import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { questionTitled } from '../harness/app/act/questions'
import { waitUntil } from '../harness/app/act/wait-until'
import { openScene, type Scene, screenshot } from '../harness/app/start/scene'

/*
 * What is left over, from the window to the simulator and back. These tests share an app, in this order. How the page
 * itself behaves is tested in `test/browser/clean-up.test.ts`.
 */

const SECRET = 'hf_never_show_this'
let scene: Scene
let page: Page

beforeAll(async () => {
  scene = await openScene({
    pods: [{ id: 'user', name: 'user', mode: 'training', network: { volumeId: 'used', path: '/data' } }],
    networkVolumes: [
      { id: 'used', name: 'ckpts', sizeGb: 500 },
      { id: 'free', name: 'scratch', sizeGb: 100 },
    ],
    templates: [
      { id: 'tpl-leaky', name: 'leaky', env: { HF_TOKEN: SECRET } },
      { id: 'tpl-busy', name: 'busy', env: { HF_TOKEN: SECRET }, isInUse: true },
    ],
  })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('clean-up')")
  page = await scene.running.mainWindow()
  await page.setViewportSize({ width: 1_180, height: 820 })
  await page.getByRole('rowheader', { name: 'scratch' }).waitFor()
})
afterAll(() => scene?.close())

const deletes = () => scene.runpod.requests.filter(({ method }) => method === 'DELETE').length

async function typeName(title: string, name: string): Promise<void> {
  const question = await questionTitled(scene.running, title)
  await screenshot(question, `questions/delete-${name}`)
  const remove = question.getByRole('button', { name: `Delete ${name}` })
  expect(await remove.isDisabled()).toBe(true)
  await question.getByRole('textbox').fill(name)
  await remove.click().catch(() => undefined)
}

test('only a volume that no pod mounts is offered, and it is deleted by its name in the app’s own window', async () => {
  await screenshot(page, 'clean-up')
  expect(await page.getByRole('rowheader', { name: 'ckpts' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Delete scratch' }).click()
  expect(deletes()).toBe(0)
  await typeName('Delete the volume scratch?', 'scratch')
  await page.getByRole('rowheader', { name: 'scratch' }).waitFor({ state: 'detached' })
  expect(deletes()).toBe(1)
})

test('a template is deleted in the same way, one that is in use stays, and no value is shown or logged', async () => {
  await page.getByRole('button', { name: 'Delete leaky' }).click()
  await typeName('Delete the template leaky?', 'leaky')
  await page.getByRole('rowheader', { name: 'leaky' }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Delete busy' }).click()
  await typeName('Delete the template busy?', 'busy')
  await page.getByText(/busy was not deleted.*in use/).waitFor()
  await waitUntil('the template to be listed', () =>
    page.getByRole('rowheader', { name: 'busy' }).isVisible(),
  )
  expect(deletes()).toBe(3)
  expect(await page.content()).not.toContain(SECRET)
  expect(scene.running.output()).not.toContain(SECRET)
})
