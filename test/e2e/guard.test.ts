import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditPage } from '../../src/core/audit-log/audit-log'
import type { PodGuardView } from '../../src/core/guard/guard-view'
import type { Result } from '../../src/core/base/result'
import type { Settings } from '../../src/core/settings/settings'
import type { PodView, Snapshot } from '../../src/core/view/snapshot'
import type { SimulatedPodSpec } from '../../src/simulator/world/pod-spec'
import { Notifications, type DaemonNotification } from '../harness/app/desktop/notifications'
import { answerQuestion } from '../harness/app/act/questions'
import {
  accountIdOf,
  actionsSent,
  card,
  openCard,
  openScene,
  podKeyIn,
  type Scene,
  screenshot,
  VOLUME,
} from '../harness/app/start/scene'
import { TrayItem } from '../harness/app/desktop/tray'
import { waitUntil } from '../harness/app/act/wait-until'

/*
 * Half a day in nine seconds: the alert after 3 s of idleness, and warnings 5.4 s and 1.8 s before a stop that is due
 * after 8.4 s. The tests share one app and run in order, so the waits of one test count for the pods of the next. An app
 * auto-stops at most three pods per hour.
 */
const QUIET_MS = 8_400
const halfADay: Partial<Settings> = {
  idleAlertAfterMin: 0.05,
  autoStopAfterMin: QUIET_MS / 60_000,
  autoStopFirstWarningMin: 0.09,
  autoStopLastWarningMin: 0.03,
}
const idlePod = (name: string): SimulatedPodSpec => ({
  id: name,
  name,
  mode: 'idle',
  // If the number of cores is unknown, no pod counts as quiet.
  gpu: { id: 'NVIDIA GeForce RTX 4090', count: 1, vcpuCount: 16 },
  persistent: { sizeGb: 20, path: '/workspace' },
  stoppingS: 1,
})
/** From the first poll to the stop, with a margin for a slow machine. */
const SLOW = { timeout: 60_000 }
const DAY = { timeout: 120_000 }

let scene: Scene
let notifications: Notifications

async function openArmed(pods: readonly SimulatedPodSpec[], settings: Partial<Settings> = {}): Promise<void> {
  notifications = await Notifications.listen()
  await notifications.closeAll()
  scene = await openScene({ pods, settings: { ...halfADay, ...settings } })
  await scene.pasteKey()
  await waitUntil('the pods', async () => (await scene.page.getByRole('article').count()) === pods.length)
  await ask(`setAutoStop('${await accountIdOf(scene.page)}', 'all')`)
}

async function close(): Promise<void> {
  await scene?.close()
  notifications.disconnect()
}

/** Sends a request over the bridge, as a window does. */
async function ask<T>(request: string): Promise<T> {
  const answer = await scene.page.evaluate<Result<T, { message: string }>>(`window.app.${request}`)
  if (!answer.ok) throw new Error(`${request}: ${answer.error.message}`)
  return answer.value
}
const podView = async (name: string): Promise<PodView> => {
  const { pods } = await ask<Snapshot>('snapshot()')
  return pods.find(({ id }) => id === name) ?? expect.fail(`${name} is gone`)
}
const guardOf = async (name: string): Promise<PodGuardView> => (await podView(name)).guard
const quietForMs = async (name: string): Promise<number> => {
  const { activity } = await podView(name)
  return activity.kind === 'idle' ? activity.quietForMs : 0
}
/** By this time it would have been stopped. */
const pastItsStop = (name: string) =>
  expect.poll(() => quietForMs(name), SLOW).toBeGreaterThan(QUIET_MS + 2_000)
const warnings = (name: string): DaemonNotification[] =>
  notifications
    .allIncludingReplaced()
    .filter(({ title }) => new RegExp(`(^| )${name} (will|would) be stopped in`).test(title))
const warned = (name: string, count: number) =>
  waitUntil(`warning ${count} of the stop`, () => warnings(name).length >= count, SLOW.timeout)
const actionsOf = (name: string): string[] =>
  actionsSent(scene).filter((action) => action.endsWith(` ${name}`))
const stopped = (name: string) => expect.poll(() => actionsOf(name), SLOW).toEqual([`stop ${name}`])
/**
 * Waits for its stop, and checks that it was requested after so many warnings, by the times at which they were written
 * down and it arrived: whoever looks for it between two of them may look too late.
 */
async function stoppedAfterWarnings(name: string, count: number): Promise<void> {
  await stopped(name)
  const isItsStop = ({ action, podId }: { action?: string; podId?: string }): boolean =>
    action === 'stop' && podId === name
  const stoppedAtMs = scene.runpod.requests.find(isItsStop)?.at ?? expect.fail('no stop')
  const { entries } = await ask<AuditPage>('auditPage(null, { kind: "alert" })')
  const alerts = entries.filter(({ what, podName }) => what === 'auto-stop-soon' && podName === name)
  expect(alerts.filter(({ atMs }) => atMs < stoppedAtMs).length).toBeGreaterThanOrEqual(count)
}
const isLogged = async (text: RegExp): Promise<boolean> => {
  const { entries } = await ask<AuditPage>('auditPage(null, {})')
  return entries.some((entry) => text.test(entry.text))
}
/** The number of pod lists returned so far. */
const polls = (): number => scene.runpod.requests.filter(({ path }) => path === '/v2/pods').length
async function twoPolls(): Promise<void> {
  const before = polls()
  await waitUntil('two more polls', () => polls() >= before + 2)
}

describe('the guard', () => {
  beforeAll(() =>
    openArmed(
      [
        idlePod('sleepy'),
        ...['wanted', 'needed'].map((name) => ({ ...idlePod(name), mode: 'training' as const })),
        { ...idlePod('volatile'), mode: 'training', persistent: null, network: null },
        { id: 'worker', name: 'worker', mode: 'training', ...VOLUME },
      ],
      { isAutoStopDryRun: true, undoS: 5 },
    ),
  )
  afterAll(close)

  test('lets a stop requested by the user be undone from the tray', DAY, async () => {
    const tray = await TrayItem.of(scene.running)
    const labels = async (): Promise<string[]> => (await tray.menu()).map(({ label }) => label)
    await expect.poll(labels).toContain('worker')
    await tray.choose('worker', 'Stop')
    await expect.poll(labels).toContain('Undo: stop worker')
    await tray.choose('Undo: stop worker')
    const intent = async () => (await podView('worker')).intent
    await expect.poll(intent).toMatchObject({ phase: 'cancelled' })
    const undoneAtMs = (await intent())?.atMs ?? 0
    const lists = () =>
      scene.runpod.requests.filter(({ path, at }) => path === '/v2/pods' && at > undoneAtMs + 6_000)
    await expect.poll(() => lists().length, SLOW).toBeGreaterThan(0)
    expect(actionsSent(scene)).toEqual([])
    tray.disconnect()
  })

  test(
    'raises an alert for a forgotten pod, warns in a dry run and says what it would have done, without acting',
    DAY,
    async () => {
      await waitUntil(
        'the idle alert',
        () =>
          notifications.allIncludingReplaced().some(({ title }) => title.startsWith('sleepy has been idle')),
        SLOW.timeout,
      )
      await warned('sleepy', 2)
      expect(warnings('sleepy').every(({ title }) => title.startsWith('Dry run: '))).toBe(true)
      await expect.poll(() => isLogged(/Dry run: it would have been stopped now/), SLOW).toBe(true)
      expect(actionsSent(scene)).toEqual([])
      expect(scene.runpod.pod('sleepy')['status']).toBe('RUNNING')
    },
  )

  test(
    'stops nothing while auto-stop is paused, and the window says why; then it warns twice and stops the pod',
    DAY,
    async () => {
      await ask('changeSetting("areAutoStopsPaused", true)')
      await ask('changeSetting("isAutoStopDryRun", false)')
      const before = warnings('sleepy').length
      await pastItsStop('sleepy')
      await expect
        .poll(async () => (await guardOf('sleepy')).autoStop, SLOW)
        .toMatchObject({
          kind: 'blocked',
          conditions: ['not-paused'],
          text: expect.stringMatching(/stops are paused/),
        })
      await twoPolls()
      expect(actionsSent(scene)).toEqual([])
      expect(warnings('sleepy')).toHaveLength(before)
      await ask('changeSetting("areAutoStopsPaused", false)')
      await warned('sleepy', before + 2)
      for (const warning of warnings('sleepy').slice(before)) {
        expect(warning.isCritical).toBe(true)
        expect(warning.body).toMatch(/Keeps \/workspace .*container disk .*lost/)
      }
      await screenshot(scene.page, 'guard-planned')
      await stoppedAfterWarnings('sleepy', before + 2)
      expect(actionsSent(scene)).toEqual(['stop sleepy'])
      await openCard(scene.page, 'sleepy')
      await expect.poll(() => card(scene.page, 'sleepy').textContent(), SLOW).toContain('Stopped at')
      expect(warnings('sleepy')).toHaveLength(before + 2)
      expect(await isLogged(/sleepy is being stopped automatically/)).toBe(true)
    },
  )

  test('lets a pod be kept on from the tray', DAY, async () => {
    const tray = await TrayItem.of(scene.running)
    await expect.poll(async () => (await tray.menu()).map(({ label }) => label), SLOW).toContain('wanted')
    await tray.choose('wanted', 'Keep running', 'For 4 hours')
    await expect.poll(async () => (await guardOf('wanted')).keepOn, SLOW).not.toBeNull()
    tray.disconnect()
    scene.runpod.setPod('wanted', { mode: 'idle' })
  })

  test('keeps a pod running that is kept on with the button of its warning', DAY, async () => {
    scene.runpod.setPod('needed', { mode: 'idle' })
    scene.runpod.setPod('volatile', { mode: 'idle' })
    await warned('needed', 1)
    const warning = warnings('needed').at(-1)
    await notifications.press(warning ?? expect.fail('no warning'), 'Keep running')
    await expect.poll(async () => (await guardOf('needed')).keepOn).not.toBeNull()
    await pastItsStop('needed')
    expect(actionsOf('needed')).toEqual([])
    expect(await guardOf('needed')).toMatchObject({ autoStop: { kind: 'watching', dueAtMs: null } })
  })

  test('keeps a pod running that is kept on from the tray', DAY, async () => {
    await pastItsStop('wanted')
    expect(actionsOf('wanted')).toEqual([])
  })

  test('does not stop a pod whose data would be lost, and the window says why', DAY, async () => {
    await expect
      .poll(async () => (await guardOf('volatile')).autoStop, SLOW)
      .toMatchObject({
        kind: 'blocked',
        conditions: ['data-survives'],
        text: expect.stringMatching(/no volume/),
      })
    await pastItsStop('volatile')
    expect(actionsOf('volatile')).toEqual([])
    expect(warnings('volatile')).toEqual([])
    await screenshot(scene.page, 'guard-held')
  })

  test('stops a pod after both warnings once its data may be lost', DAY, async () => {
    const volatile = await podKeyIn(scene.page, 'volatile')
    const allowing = ask(`changePodRules('${volatile}', { mayLoseData: true })`)
    await answerQuestion(scene.running, /^Allow automatic stops of volatile/, 'Allow losing data')
    await allowing
    await stopped('volatile')
    expect(warnings('volatile').length).toBeGreaterThanOrEqual(2)
  })

  test(
    'stops a pod that is no longer kept on, and after a crash only after observing it and warning again',
    DAY,
    async () => {
      const before = warnings('needed').length
      // The last warning soon after the first one, which leaves time for the crash between it and the stop.
      await ask('changeSetting("autoStopLastWarningMin", 0.08)')
      await ask(`endKeepOn('${await podKeyIn(scene.page, 'needed')}')`)
      await warned('needed', before + 2)
      await scene.crashAndRestart()
      await scene.pasteKey()
      await expect.poll(() => card(scene.page, 'needed').count(), SLOW).toBe(1)
      // A choice made before the crash doesn't have to be made again.
      expect(await guardOf('needed')).toMatchObject({ isAutoStopEnabled: true })
      await warned('needed', before + 4)
      await stoppedAfterWarnings('needed', before + 4)
      expect(actionsOf('wanted')).toEqual([])
    },
  )
})
