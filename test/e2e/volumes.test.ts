import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerQuestion, confirmWindows, questionTitled } from '../harness/app/act/questions'
import { openPalette, openScene, podKeyIn, type Scene, screenshot } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

/*
 * Volumes and edits of pods from the window to the simulator and back, with the app's own window and over IPC. These
 * tests share an app, in this order. How the page itself behaves is tested in `test/browser/volumes.test.ts`.
 */

let scene: Scene
let page: Page

beforeAll(async () => {
  scene = await openScene({
    pods: [
      {
        id: 'a',
        name: 'trainer',
        mode: 'training',
        persistent: { sizeGb: 100, path: '/workspace' },
        ports: ['22/tcp', '8888/http'],
        env: { HF_TOKEN: 'hf_never_show_this', SEED: '1' },
      },
    ],
    networkVolumes: [{ id: 'vol-old', name: 'scratch', sizeGb: 100, dataCenterId: 'EU-RO-1' }],
  })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('volumes')")
  page = await scene.running.mainWindow()
  await page.setViewportSize({ width: 1_180, height: 820 })
  await page.getByRole('rowheader', { name: 'scratch' }).waitFor()
})
afterAll(() => scene?.close())

/** How many requests that change something were sent, without the balance, which is asked for by POST at its own time. */
const writes = () =>
  scene.runpod.requests.filter(({ method, path }) => method !== 'GET' && path.startsWith('/v2/')).length
const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) })

/** The next question may have the same title, so the window of this one has to be gone. */
async function confirm(title: RegExp, button: string): Promise<void> {
  await answerQuestion(scene.running, title, button)
  await waitUntil('the question to be gone', () => confirmWindows(scene.running).length === 0)
}

async function takePictures(name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await screenshot(page, `${name}-${colorScheme}`)
  }
  await page.setViewportSize({ width: 360, height: 820 })
  await screenshot(page, `${name}-360`)
  await page.setViewportSize({ width: 1_180, height: 820 })
}

test('a volume is created once the app’s own window was confirmed', async () => {
  await takePictures('volumes')
  await page.getByRole('button', { name: 'New volume' }).press('Enter')
  await page.getByText('GPUs in stock there').waitFor()
  await page.getByLabel('Name').fill('fresh')
  await page.getByLabel('Size').fill('20')
  await takePictures('volumes-new')
  await page.getByLabel('Size').press('Enter')
  const question = await questionTitled(scene.running, 'Create the volume fresh?')
  await screenshot(question, 'questions/create-volume')
  expect(writes()).toBe(0)
  await confirm(/^Create the volume/, 'Create volume')
  await row('fresh').waitFor()
  expect(writes()).toBe(1)
})

test('a volume is deleted by its name, typed in the app’s own window', async () => {
  const before = writes()
  await row('fresh')
    .getByRole('button', { name: /^Actions of/ })
    .click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  const question = await questionTitled(scene.running, 'Delete the volume fresh?')
  for (const colorScheme of ['light', 'dark'] as const) {
    await question.emulateMedia({ colorScheme })
    await screenshot(question, `questions/delete-volume-${colorScheme}`)
  }
  const remove = question.getByRole('button', { name: 'Delete fresh' })
  expect(await remove.isDisabled()).toBe(true)
  expect(writes()).toBe(before)
  await question.getByRole('textbox').fill('fresh')
  await remove.click().catch(() => undefined)
  await row('fresh').waitFor({ state: 'detached' })
  expect(writes()).toBe(before + 1)
})

test('a page that isn’t ours gets no further than a question, whose window is closed', async () => {
  const before = writes()
  const [accountId] = (await podKeyIn(page, 'a')).split('/')
  const scratch = "{ id: 'vol-old', name: 'scratch', sizeGb: 100, dataCenterId: 'EU-RO-1' }"
  const change = (text: string) =>
    page.evaluate(`window.app.changeVolume(${JSON.stringify(accountId)}, ${text})`)
  expect(await change(`{ kind: 'shrink', volume: ${scratch} }`)).toMatchObject({ ok: false })
  const asked = change(`{ kind: 'delete', volume: ${scratch} }`)
  const question = await questionTitled(scene.running, 'Delete the volume scratch?')
  await question.keyboard.press('Escape').catch(() => undefined)
  expect(await asked).toEqual({ ok: true, value: null })
  expect(writes()).toBe(before)
})

test('a pod is changed and restarted once that was confirmed, and no value of its variables is logged', async () => {
  await openPalette(page)
  await page.keyboard.type('edit trainer')
  await page.getByRole('option', { name: 'Edit trainer…' }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByLabel('Add or replace variables').fill('EPOCHS=3')
  await takePictures('edit')
  const before = writes()
  await page.getByRole('button', { name: 'Change and restart…' }).click()
  await screenshot(
    await questionTitled(scene.running, 'Change trainer and restart it?'),
    'questions/edit-pod',
  )
  expect(writes()).toBe(before)
  await confirm(/^Change trainer/, 'Change and restart')
  await page.getByText('trainer was changed.').waitFor()
  expect(scene.runpod.pod('a')['env']).toMatchObject({ HF_TOKEN: 'hf_never_show_this', EPOCHS: '3' })
  expect(scene.running.output()).not.toContain('hf_never_show_this')
})
