import { expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { MINUTE_MS } from '../../src/core/base/time/time'
import type { PodRules } from '../../src/core/pod-rules/pod-rules'
import { type TestWindow, openWindow } from '../harness/browser/open-window'
import { actionsSent } from '../harness/browser/pods-scene'
import { openScene, podOf, type BrowserScene } from '../harness/browser/scene'

/* Rules that stop a pod are set in the main window, for a pod without a volume and for one with a volume. */

async function openPods(): Promise<{ scene: BrowserScene; window: TestWindow }> {
  const volume = { sizeGb: 100, path: '/workspace' }
  const scene = await openScene({
    pods: [
      { id: 'volatile', name: 'volatile', mode: 'training', containerDiskGb: 40, persistent: null },
      { id: 'durable', name: 'durable', mode: 'training', containerDiskGb: 40, persistent: volume },
    ],
  })
  return { scene, window: await openWindow(scene) }
}

async function openRules(window: TestWindow, name: string) {
  await window.getByRole('button', { name: `Actions of ${name}`, exact: true }).click()
  await window.getByRole('menuitem', { name: 'Guard rules…' }).click()
  const dialog = window.getByRole('dialog', { name: `Guard rules of ${name}` })
  await expect.element(dialog).toBeVisible()
  return {
    question: dialog.getByRole('alert'),
    switchOf: (name: string) => dialog.getByRole('switch', { name }),
    async fill(label: string, text: string): Promise<void> {
      await dialog.getByLabelText(label, { exact: true }).fill(text)
      window.focusOn(dialog.getByLabelText(label, { exact: true }))
      await userEvent.keyboard('{Enter}')
    },
    async turn(name: string): Promise<void> {
      window.focusOn(dialog.getByRole('switch', { name }))
      await userEvent.keyboard(' ')
    },
  }
}

const rulesOf =
  (scene: BrowserScene, name: string): (() => Promise<PodRules>) =>
  async () =>
    (await podOf(scene, name)).guard.rules

test('maximum hours of a pod without a volume ask at once whether its data may be lost', async () => {
  const { scene, window } = await openPods()
  const rules = await openRules(window, 'volatile')
  await expect.element(rules.question).not.toBeInTheDocument()
  await rules.fill('Maximum hours', '5')
  await expect
    .element(rules.question)
    .toHaveTextContent(
      /^Nothing is kept; the container disk \(40 GB\) is lost\. The pod isn’t stopped until you allow this\.$/,
    )
  await expect.poll(rulesOf(scene, 'volatile')).toEqual({ maxHours: 5 })
  await rules.turn('Allow data loss')
  await scene.bridge.question('Allow automatic stops of volatile to lose data?')
  expect(await rulesOf(scene, 'volatile')()).toEqual({ maxHours: 5 })
  const confirmation = await openWindow(scene, 'confirmation')
  expect(await confirmation.axeFaults('all')).toEqual([])
  confirmation.close()
  await scene.bridge.answerQuestion('Allow automatic stops of volatile to lose data?', 'Allow losing data')
  await expect.element(rules.question).toHaveTextContent(/is lost\. You allowed this\.$/)
  await expect.poll(rulesOf(scene, 'volatile')).toEqual({ maxHours: 5, mayLoseData: true })
})

test('maximum hours of a pod with a volume ask nothing', async () => {
  const { scene, window } = await openPods()
  const rules = await openRules(window, 'durable')
  await rules.fill('Maximum hours', '5')
  await expect.poll(rulesOf(scene, 'durable')).toEqual({ maxHours: 5 })
  await window.nextFrame()
  await expect.element(rules.question).not.toBeInTheDocument()
})

test('a budget asks only once it is to stop the pod, and low CPU can be counted as idle for one pod', async () => {
  const { scene, window } = await openPods()
  const rules = await openRules(window, 'volatile')
  await rules.fill('Monthly budget', '20')
  await expect.element(rules.switchOf('Stop at budget')).toBeInTheDocument()
  await expect.element(rules.question).not.toBeInTheDocument()
  await rules.turn('Stop at budget')
  await expect.element(rules.question).toBeVisible()
  await expect.poll(rulesOf(scene, 'volatile')).toEqual({ monthlyBudgetUsd: 20, atBudget: 'stop' })

  await rules.turn('Low CPU is idle')
  await expect.poll(async () => (await rulesOf(scene, 'volatile')()).isLowCpuIdle).toBe(true)
  await window.getByRole('button', { name: 'Low CPU: use account setting' }).click()
  await expect.poll(async () => (await rulesOf(scene, 'volatile')()).isLowCpuIdle).toBeUndefined()
})

test('a time of day is set with its days in the time zone of this computer, and asks about a loss', async () => {
  const { scene, window } = await openPods()
  const rules = await openRules(window, 'volatile')
  await rules.fill('Stop at', '20:00')
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  await expect.poll(rulesOf(scene, 'volatile')).toEqual({ stopAt: `20:00 ${zone}` })
  await expect
    .element(rules.question)
    .toHaveTextContent(/is lost\. The pod isn’t stopped until you allow this\.$/)
  window.focusOn(window.getByRole('radio', { name: 'Weekdays' }))
  await userEvent.keyboard(' ')
  await expect.poll(rulesOf(scene, 'volatile')).toEqual({ stopAt: `20:00 mon-fri ${zone}` })
  await rules.fill('Stop at', '21:30')
  await expect.poll(rulesOf(scene, 'volatile')).toEqual({ stopAt: `21:30 mon-fri ${zone}` })
  expect(await window.axeFaults('all')).toEqual([])
  window.focusOn(window.getByRole('button', { name: 'Stop at: use account setting' }))
  await userEvent.keyboard('{Enter}')
  await expect.poll(rulesOf(scene, 'volatile')).toEqual({})
})

test('a time of day for all pods is set in the settings, and a pod is left out of it in its rules', async () => {
  const { scene, window } = await openPods()
  window.close()
  const settings = await openWindow(scene, 'main', { page: 'settings', about: 'auto-stop-mode' })
  const field = settings.getByLabelText('Stop all pods at', { exact: true })
  await field.fill('20:00')
  settings.focusOn(field)
  await userEvent.keyboard('{Enter}')
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  await expect.poll(rulesOf(scene, 'durable')).toEqual({ stopAt: `20:00 ${zone}` })
  settings.focusOn(settings.getByRole('radio', { name: 'Weekdays' }))
  await userEvent.keyboard(' ')
  await expect.poll(rulesOf(scene, 'volatile')).toEqual({ stopAt: `20:00 mon-fri ${zone}` })
  expect(await settings.axeFaults('all')).toEqual([])
  settings.close()

  const pods = await openWindow(scene)
  const rules = await openRules(pods, 'durable')
  await rules.turn('Not with all pods')
  await expect.poll(rulesOf(scene, 'durable')).toEqual({ stopAt: 'never' })
  expect(await pods.axeFaults('all')).toEqual([])
  await rules.turn('Not with all pods')
  await expect.poll(rulesOf(scene, 'durable')).toEqual({ stopAt: `20:00 mon-fri ${zone}` })
})

/** In the time zone of the window, which is that of the tests. */
const timeText = (atMs: number): string => new Date(atMs).toTimeString().slice(0, 5)

test('a start is planned with its price and maximum hours, is confirmed in the app’s own window, and happens once', async () => {
  const scene = await openScene({
    pods: [{ id: 'night', name: 'night', mode: 'stopped' }],
    settings: { pollIdleS: 30 },
    hasSimulatedDates: true,
  })
  const window = await openWindow(scene)
  const rules = await openRules(window, 'night')
  await rules.fill('Maximum hours', '4')
  await rules.fill('Start at', timeText(window.global.Date.now() + 10 * MINUTE_MS))
  expect(await rulesOf(scene, 'night')()).toEqual({ maxHours: 4 })
  await rules.fill('Start for at most', '50')
  const question = await scene.bridge.question(/^Start night at \d\d:\d\d\?$/)
  expect(JSON.stringify(question)).toContain(
    'It is started once, if it costs at most $50.00/hr then, and is stopped after 4 h.',
  )
  const confirmation = await openWindow(scene, 'confirmation')
  expect(await confirmation.axeFaults('all')).toEqual([])
  expect(await rulesOf(scene, 'night')()).toEqual({ maxHours: 4 })
  await confirmation.getByRole('button', { name: 'Plan start' }).click()
  await expect.poll(rulesOf(scene, 'night')).toMatchObject({ startMaxPerHourUsd: 50, maxHours: 4 })
  const planned = Date.parse((await rulesOf(scene, 'night')()).startAt ?? '')
  const nowMs = window.global.Date.now()
  await scene.advance(planned - nowMs - MINUTE_MS)
  expect(await actionsSent(scene)).toEqual([])
  await scene.advance(3 * MINUTE_MS)
  expect(await actionsSent(scene)).toEqual(['start night'])
  expect(await rulesOf(scene, 'night')()).toEqual({ maxHours: 4 })
})
