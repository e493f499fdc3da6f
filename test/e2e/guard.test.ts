import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ActivityPage } from '../../src/core/audit-log/audit-log'
import type { PodGuardView } from '../../src/core/guard/guard-view'
import type { Result } from '../../src/core/base/result'
import type { Settings } from '../../src/core/settings/settings'
import type { Snapshot } from '../../src/core/view/snapshot'
import type { PodSpec } from '../../src/simulator/world/pod-spec'
import { Notifications, type ShownNotification } from '../harness/app/notifications'
import { actionsSent, card, openScene, type Scene, screenshot } from '../harness/app/scene'
import { TrayItem } from '../harness/app/tray'
import { until } from '../harness/app/waiting'

/** Half a day in half a minute: told after 3 s, warned 6 and 3 s before a stop that is due after 12. */
const halfADay: Partial<Settings> = {
  idleAlertAfterMin: 0.05,
  autoStopAfterMin: 0.2,
  autoStopFirstWarningMin: 0.1,
  autoStopLastWarningMin: 0.05,
}
const sleepy: PodSpec = {
  id: 'i',
  name: 'sleepy',
  mode: 'idle',
  // Where the cores are not told, half of one is not known, and nothing counts as quiet.
  gpu: { id: 'NVIDIA GeForce RTX 4090', count: 1, vcpuCount: 16 },
  persistent: { sizeGb: 20, path: '/workspace' },
}
/** From the first look to the stop, with room for a slow machine. */
const SLOW = { timeout: 60_000 }
const DAY = { timeout: 150_000 }

let scene: Scene
let notifications: Notifications
beforeEach(async () => {
  notifications = await Notifications.listen()
  await notifications.closeAll()
})
afterEach(async () => {
  await scene?.close()
  notifications.disconnect()
})

async function openArmed(settings: Partial<Settings> = {}, pod: PodSpec = sleepy): Promise<void> {
  scene = await openScene({ pods: [pod], settings: { ...halfADay, ...settings } })
  await scene.pasteKey()
  await expect.poll(() => card(scene.page, 'sleepy').count(), SLOW).toBe(1)
  await ask('setAutoStop("all")')
}

/** Over the bridge, as a window asks. */
async function ask<T>(request: string): Promise<T> {
  const answer = await scene.page.evaluate<Result<T, { message: string }>>(`window.app.${request}`)
  if (!answer.ok) throw new Error(`${request}: ${answer.error.message}`)
  return answer.value
}
const guard = async (): Promise<PodGuardView> => {
  const { pods } = await ask<Snapshot>('snapshot()')
  return pods.find(({ id }) => id === 'i')?.guard ?? expect.fail('the pod is gone')
}
const quietForMs = async (): Promise<number> => {
  const [pod] = (await ask<Snapshot>('snapshot()')).pods
  return pod?.activity.kind === 'idle' ? pod.activity.quietForMs : 0
}
const warnings = (): ShownNotification[] =>
  notifications.heard().filter(({ title }) => /sleepy (will|would) be stopped in/.test(title))
const warned = (count: number) =>
  until(`warning ${count} of the stop`, () => warnings().length >= count, SLOW.timeout)
const wrote = async (text: RegExp): Promise<boolean> => {
  const { entries } = await ask<ActivityPage>('activity(null, null, null)')
  return entries.some((entry) => text.test(entry.text))
}

test('a forgotten pod is told of, warned of twice, and stopped after both', DAY, async () => {
  await openArmed()
  await until(
    'the idle alert',
    () => notifications.heard().some(({ title }) => title.startsWith('sleepy is idle')),
    SLOW.timeout,
  )
  await warned(1)
  expect(actionsSent(scene)).toEqual([])
  await warned(2)
  expect(actionsSent(scene)).toEqual([])
  for (const warning of warnings()) {
    expect(warning.isCritical).toBe(true)
    expect(warning.body).toMatch(/Keeps \/workspace .*container disk .*lost/)
  }
  await screenshot(scene.page, 'guard-planned')
  await expect.poll(() => actionsSent(scene), SLOW).toEqual(['stop i'])
  await expect.poll(() => card(scene.page, 'sleepy').textContent(), SLOW).toContain('Stopped at')
  expect(warnings()).toHaveLength(2)
  expect(await wrote(/sleepy is stopped automatically/)).toBe(true)
})

test('after a crash it is stopped only once it was watched and warned of anew', DAY, async () => {
  await openArmed()
  await warned(2)
  await scene.crashAndRestart()
  await scene.pasteKey()
  await expect.poll(() => card(scene.page, 'sleepy').count(), SLOW).toBe(1)
  // Whoever chose that before need not choose it again.
  expect(await guard()).toMatchObject({ isAutoStopped: true })
  await warned(4)
  expect(actionsSent(scene)).toEqual([])
  await expect.poll(() => actionsSent(scene), SLOW).toEqual(['stop i'])
})

test('kept on by the button of a warning it runs on, until that is taken back', DAY, async () => {
  await openArmed()
  await warned(1)
  const warning = warnings().at(-1)
  await notifications.press(warning ?? expect.fail('no warning'), 'Keep on')
  await expect.poll(async () => (await guard()).keepOn).not.toBeNull()
  await expect.poll(quietForMs, SLOW).toBeGreaterThan(15_000)
  expect(actionsSent(scene)).toEqual([])
  expect(await guard()).toMatchObject({ autoStop: { kind: 'watching', dueAtMs: null } })
  await ask('endKeepOn("i")')
  await expect.poll(() => actionsSent(scene), SLOW).toEqual(['stop i'])
  expect(warnings().length).toBeGreaterThanOrEqual(3)
})

test('kept on from the tray it runs on', DAY, async () => {
  await openArmed()
  const tray = await TrayItem.of(scene.running)
  await expect.poll(async () => (await tray.menu()).map(({ label }) => label), SLOW).toContain('sleepy')
  await tray.choose('sleepy', 'Keep on', 'For 4 h')
  await expect.poll(async () => (await guard()).keepOn, SLOW).not.toBeNull()
  await expect.poll(quietForMs, SLOW).toBeGreaterThan(15_000)
  expect(actionsSent(scene)).toEqual([])
  tray.disconnect()
})

test('a stop is undone from the tray', DAY, async () => {
  await openArmed({ autoStopAfterMin: 60, undoS: 5 })
  const tray = await TrayItem.of(scene.running)
  const labels = async (): Promise<string[]> => (await tray.menu()).map(({ label }) => label)
  await expect.poll(labels).toContain('sleepy')
  await tray.choose('sleepy', 'Stop')
  await expect.poll(labels).toContain('Undo: stop sleepy')
  await tray.choose('Undo: stop sleepy')
  const intent = async () => (await ask<Snapshot>('snapshot()')).pods[0]?.intent
  await expect.poll(intent).toMatchObject({ phase: 'cancelled' })
  const undoneAtMs = (await intent())?.atMs ?? 0
  const lists = () =>
    scene.runpod.requests.filter(({ path, at }) => path === '/v2/pods' && at > undoneAtMs + 6_000)
  await expect.poll(() => lists().length, SLOW).toBeGreaterThan(0)
  expect(actionsSent(scene)).toEqual([])
  tray.disconnect()
})

test('while automatic stops are paused nothing is stopped, and the window says why', DAY, async () => {
  await openArmed({ areAutoStopsPaused: true })
  await expect
    .poll(async () => (await guard()).autoStop, SLOW)
    .toMatchObject({ kind: 'held', by: ['not-paused'], words: expect.stringMatching(/stops are paused/) })
  await expect.poll(quietForMs, SLOW).toBeGreaterThan(14_000)
  expect(actionsSent(scene)).toEqual([])
  expect(warnings()).toEqual([])
  await ask('changeSetting("areAutoStopsPaused", false)')
  await warned(2)
  await expect.poll(() => actionsSent(scene), SLOW).toEqual(['stop i'])
})

test('a rehearsal warns and says what it would have done, and does nothing', DAY, async () => {
  await openArmed({ isAutoStopDryRun: true })
  await warned(2)
  expect(warnings().every(({ title }) => title.startsWith('Rehearsal: '))).toBe(true)
  await expect.poll(() => wrote(/Rehearsal: it would have been stopped now/), SLOW).toBe(true)
  expect(actionsSent(scene)).toEqual([])
  expect(scene.runpod.pod('i')['status']).toBe('RUNNING')
})

test('a pod whose data would be lost is not stopped, which the window says', DAY, async () => {
  await openArmed({}, { ...sleepy, persistent: null, network: null })
  await expect
    .poll(async () => (await guard()).autoStop, SLOW)
    .toMatchObject({ kind: 'held', by: ['data-survives'], words: expect.stringMatching(/no volume/) })
  await expect.poll(quietForMs, SLOW).toBeGreaterThan(14_000)
  expect(actionsSent(scene)).toEqual([])
  expect(warnings()).toEqual([])
  await screenshot(scene.page, 'guard-held')
  await ask('changePodRules("i", { mayLoseData: true })')
  await expect.poll(() => actionsSent(scene), SLOW).toEqual(['stop i'])
})
