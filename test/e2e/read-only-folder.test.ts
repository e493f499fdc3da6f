import { execFileSync } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import { openScene, type Scene, screenshot } from '../harness/app/scene'

let scene: Scene
afterEach(async () => {
  changeMode('u+w')
  await scene.close()
})

/** Of the folder and everything in it. */
const changeMode = (mode: string): void => void execFileSync('chmod', ['-R', mode, scene.running.dataDir])

test('an app on a folder that it may only read watches, says that it cannot act, and acts once it may write', async () => {
  scene = await openScene({
    pods: [{ id: 'a', name: 'a', mode: 'training', stoppingS: 0.2 }],
    settings: { undoS: 1 },
    asOrdinaryUser: true,
  })
  await scene.pasteKey()
  await scene.running.close()
  changeMode('u-w')
  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  // Without a keyring the key is asked for again.
  await scene.pasteKey()
  await expect
    .poll(() => scene.page.textContent('body'))
    .toMatch(/The lock in .* cannot be used: .*EACCES.*\. Until it can be used, Podkeeper only shows/)
  await screenshot(scene.page, 'read-only-folder')
  const stop = (): Promise<{ ok: boolean }> => scene.page.evaluate('window.app.act("a", "stop")')
  await expect
    .poll(async () => JSON.stringify(await scene.page.evaluate('window.app.snapshot()')))
    .toContain('"running"')
  expect(await stop()).toMatchObject({ ok: false })
  expect(scene.runpod.requests.filter(({ action }) => action !== undefined)).toEqual([])

  changeMode('u+w')
  await expect.poll(async () => (await stop()).ok, { timeout: 30_000 }).toBe(true)
  await expect.poll(() => scene.runpod.pod('a')['status'], { timeout: 30_000 }).toBe('EXITED')
})
