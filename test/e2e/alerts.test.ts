import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCli } from '../harness/cli/cli'
import { useRealCli } from '../harness/cli/real-program'
import { Notifications } from '../harness/app/desktop/notifications'
import { card, openScene, type Scene } from '../harness/app/start/scene'

useRealCli()

const quick = { provisioningS: 0.5, startingS: 0.5 }
/** Nothing can be tried that would have to answer before it is ready. */
const withoutSsh = { overrides: { ssh: { direct: null, proxy: null } } }

/* One app after the other over one data folder. The tests run in order, and each has pods of its own. */

let scene: Scene
let notifications: Notifications
beforeAll(async () => {
  notifications = await Notifications.listen()
  // Closes notifications that other tests left on the screen.
  await notifications.closeAll()
  scene = await openScene({
    pods: [
      { id: 'r', name: 'resumed', mode: 'stopped', ...quick, ...withoutSsh },
      { id: 'q', name: 'quiet', mode: 'stopped', ...quick, ...withoutSsh },
      {
        id: 'b',
        name: 'broken <i>',
        mode: 'stopped',
        onStart: 'error',
        ...quick,
      },
      { id: 'g', name: 'taken', mode: 'training' },
      { id: 'i', name: 'forgotten', mode: 'training' },
    ],
    settings: { idleAlertAfterMin: 0.05 },
  })
  await scene.pasteKey()
  await card(scene.page, 'forgotten').waitFor()
})
afterAll(async () => {
  await scene?.close()
  notifications?.disconnect()
})

const titles = (): string[] => notifications.all().map(({ title }) => title)
/** Waits for this many more polls, one second apart. */
async function polledTimes(count: number): Promise<void> {
  const polls = (): number => scene.runpod.requests.filter(({ action }) => action === undefined).length
  const before = polls()
  await expect.poll(polls).toBeGreaterThanOrEqual(before + count)
}
const config = (): string => join(scene.running.dataDir, 'config.json')
/** What became of the alerts about this pod. */
const marks = (ofPodId: string): { kind: string; podId: string; state: string }[] => {
  try {
    const all = JSON.parse(readFileSync(join(scene.running.dataDir, 'alert-marks.json'), 'utf8'))
    return all.filter(({ podId }: { podId: string }) => podId === ofPodId)
  } catch {
    return []
  }
}

test('a pod that is ready, one with an error and one that is gone raise one alert each', async () => {
  scene.runpod.act('r', 'start')
  await notifications.find('resumed is ready')
  scene.runpod.act('b', 'start')
  await notifications.find('has an error')
  scene.runpod.removePod('g')
  const gone = await notifications.find('taken is gone')
  expect(gone.body).toMatch(/Someone may have terminated it, it may have been outbid, or the balance ran out/)
  expect(titles().sort()).toEqual(['broken <i> has an error', 'resumed is ready', 'taken is gone'])
})

test('alerts shown by the app are not repeated by the command line, and vice versa', async () => {
  const before = titles().length
  scene.runpod.setPod('i', { mode: 'idle' })
  await notifications.find('forgotten has been idle')
  await scene.running.kill9()
  const command = startCli({
    isRealProgram: true,
    args: ['watch', '--log', 'json'],
    runpod: scene.runpod,
    dataFolder: scene.running.dataDir,
  })
  // For both it is the same episode, which both observe for longer than the time of its alert.
  await polledTimes(10)
  expect(marks('i')).toMatchObject([{ kind: 'idle', state: 'said' }])
  expect(command.stdout()).not.toContain('"event":"alert"')
  command.child.kill('SIGKILL')
  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  await scene.pasteKey()
  await polledTimes(10)
  expect(marks('i')).toMatchObject([{ kind: 'idle', state: 'said' }])
  expect(titles()).toHaveLength(before + 1)
})

test('alerts are deferred in quiet hours and shown afterwards if they still apply, even after a restart', async () => {
  const before = titles()
  const clock = (inMs: number): string => new Date(Date.now() + inMs).toTimeString().slice(0, 5)
  for (const [setting, inMs] of [
    ['quietHoursFrom', -3_600_000],
    ['quietHoursTo', 3 * 3_600_000],
  ] as const)
    expect(
      await scene.page.evaluate(`window.app.changeSetting('${setting}', '${clock(inMs)}')`),
    ).toMatchObject({ ok: true })
  scene.runpod.act('q', 'start')
  await expect.poll(() => marks('q')).toMatchObject([{ kind: 'pod-ready', state: 'held' }])
  await scene.crashAndRestart()
  await scene.pasteKey()
  await expect.poll(() => card(scene.page, 'quiet').textContent()).toMatch(/Running|Busy/i)
  expect(titles()).toEqual(before)

  const file = JSON.parse(readFileSync(config(), 'utf8'))
  writeFileSync(config(), JSON.stringify({ ...file, settings: { ...file.settings, quietHoursFrom: null } }))
  await notifications.find('quiet is ready')
  await expect.poll(() => marks('q')).toMatchObject([{ kind: 'pod-ready', state: 'said' }])
})
