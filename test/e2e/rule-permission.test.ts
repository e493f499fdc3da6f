import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PodRules } from '../../src/core/pod-rules/pod-rules'
import type { Snapshot } from '../../src/core/view/snapshot'
import { confirmByKeyboard, questionTitled } from '../harness/app/act/questions'
import { card, openScene, podKeyIn, type Scene, screenshot } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

/* Rules that stop a pod are set in the real main window, for a pod without a volume and for one with a volume. */

let scene: Scene
let main: Page

beforeAll(async () => {
  const volume = { sizeGb: 100, path: '/workspace' }
  scene = await openScene({
    pods: [
      { id: 'volatile', name: 'volatile', mode: 'training', containerDiskGb: 40, persistent: null },
      { id: 'durable', name: 'durable', mode: 'training', containerDiskGb: 40, persistent: volume },
    ],
  })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  main = await scene.running.mainWindow()
  await waitUntil('the pods', async () => (await card(main, 'volatile').count()) === 1)
})
afterAll(() => scene?.close())

async function openRules(name: string) {
  await main.getByRole('button', { name: `More for ${name}`, exact: true }).click()
  await main.getByRole('menuitem', { name: 'Guard rules…' }).click()
  const dialog = main.getByRole('dialog', { name: `Guard rules of ${name}` })
  await dialog.waitFor()
  return dialog
}

async function rulesOf(podId: string): Promise<PodRules | undefined> {
  const { pods } = await scene.page.evaluate<Snapshot>('window.app.snapshot().then(({ value }) => value)')
  return pods.find(({ id }) => id === podId)?.guard.rules
}

test('maximum hours of a pod without a volume ask at once whether its data may be lost', async () => {
  const dialog = await openRules('volatile')
  const question = dialog.getByRole('alert')
  expect(await question.count()).toBe(0)
  await dialog.getByLabel('Maximum hours', { exact: true }).fill('5')
  await main.keyboard.press('Enter')
  await question.waitFor()
  expect(await question.textContent()).toBe(
    'Nothing is kept; the container disk (40 GB) is lost. The pod isn’t stopped until you allow this.',
  )
  await expect.poll(() => rulesOf('volatile')).toEqual({ maxHours: 5 })
  await screenshot(main, 'rule-permission')
  await dialog.getByRole('switch', { name: 'Allow data loss' }).focus()
  await main.keyboard.press('Space')
  const confirmation = await questionTitled(scene.running, 'Allow automatic stops of volatile to lose data?')
  expect(await rulesOf('volatile')).toEqual({ maxHours: 5 })
  for (const colorScheme of ['light', 'dark'] as const) {
    await confirmation.emulateMedia({ colorScheme })
    await screenshot(confirmation, `questions/lose-data-${colorScheme}`)
  }
  await confirmByKeyboard(confirmation, 'Allow losing data')
  await expect.poll(() => question.textContent()).toMatch(/is lost\. You allowed this\.$/)
  await expect.poll(() => rulesOf('volatile')).toEqual({ maxHours: 5, mayLoseData: true })
  await main.keyboard.press('Escape')
})

test('maximum hours of a pod with a volume ask nothing', async () => {
  const dialog = await openRules('durable')
  await dialog.getByLabel('Maximum hours', { exact: true }).fill('5')
  await main.keyboard.press('Enter')
  await expect.poll(() => rulesOf('durable')).toEqual({ maxHours: 5 })
  expect(await dialog.getByRole('alert').count()).toBe(0)
  await main.keyboard.press('Escape')
})

test('a budget asks only once it is to stop the pod', async () => {
  const key = await podKeyIn(scene.page, 'volatile')
  await scene.page.evaluate(`window.app.changePodRules('${key}', { maxHours: null, mayLoseData: null })`)
  const dialog = await openRules('volatile')
  const question = dialog.getByRole('alert')
  await dialog.getByLabel('Monthly budget', { exact: true }).fill('20')
  await main.keyboard.press('Enter')
  const stopAtBudget = dialog.getByRole('switch', { name: 'Stop at budget' })
  await stopAtBudget.waitFor()
  expect(await question.count()).toBe(0)
  await stopAtBudget.focus()
  await main.keyboard.press('Space')
  await question.waitFor()
  await expect.poll(() => rulesOf('volatile')).toEqual({ monthlyBudgetUsd: 20, atBudget: 'stop' })
})

test('low CPU can be counted as idle for one pod', async () => {
  const low = main.getByRole('switch', { name: 'Low CPU is idle' })
  await low.focus()
  await main.keyboard.press('Space')
  await expect.poll(async () => (await rulesOf('volatile'))?.isLowCpuIdle).toBe(true)
  await main.getByRole('button', { name: 'Low CPU: use account setting' }).click()
  await expect.poll(async () => (await rulesOf('volatile'))?.isLowCpuIdle).toBeUndefined()
})
