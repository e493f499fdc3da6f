import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import {
  accountIdOf,
  actionsSent,
  card,
  openScene,
  podKeyIn,
  type Scene,
  screenshot,
} from '../harness/app/start/scene'
import { writeFormatFile } from '../harness/data-folder/migrated-folder'
import { startConnectProxy } from '../harness/http/connect-proxy'

let scene: Scene

/** Of the folder and everything in it. */
const changeMode = (mode: string): void => void execFileSync('chmod', ['-R', mode, scene.running.dataDir])

test('an app on a folder that it may only read watches, says that it cannot act, and acts once it may write', async () => {
  scene = await openScene({
    pods: [
      {
        id: 'a',
        name: 'a',
        mode: 'training',
        stoppingS: 0.2,
        persistent: { sizeGb: 20, path: '/workspace' },
      },
    ],
    settings: { undoS: 1 },
    asOrdinaryUser: true,
  })
  onTestFinished(async () => {
    changeMode('u+w')
    await scene.close()
  })
  await scene.pasteKeyByHand()
  await scene.running.close()
  changeMode('u-w')
  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  // Without a keyring the key is asked for again.
  await scene.pasteKeyByHand()
  await expect
    .poll(() => scene.page.textContent('body'))
    .toMatch(/the lock in .* cannot be used: .*EACCES.*\. Until it can, no pod is stopped from here/)
  await screenshot(scene.page, 'read-only-folder')
  const key = await podKeyIn(scene.page, 'a')
  const stop = (): Promise<{ ok: boolean }> => scene.page.evaluate(`window.app.act('${key}', 'stop')`)
  await expect
    .poll(async () => JSON.stringify(await scene.page.evaluate('window.app.snapshot()')))
    .toContain('"running"')
  expect(await stop()).toMatchObject({ ok: false })
  expect(scene.runpod.requests.filter(({ action }) => action !== undefined)).toEqual([])

  changeMode('u+w')
  await expect.poll(async () => (await stop()).ok).toBe(true)
  await expect.poll(() => scene.runpod.pod('a')['status']).toBe('EXITED')
})

describe('an app whose environment and data folder are unusual', () => {
  afterAll(() => scene?.close())

  test('reaches this computer without the proxy that Node would use', async () => {
    const proxy = await startConnectProxy()
    const dataDir = await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'data-'))
    await writeFile(join(dataDir, 'costs'), 'of somebody')
    const settings = {
      pollActiveS: 1,
      pollIdleS: 1,
      pollTransitionS: 1,
      bootMin: 0,
      idleAlertAfterMin: 0.05,
      autoStopAfterMin: 0.14,
      autoStopFirstWarningMin: 0.09,
      autoStopLastWarningMin: 0.03,
    }
    writeFormatFile(dataDir)
    await writeFile(join(dataDir, 'config.json'), JSON.stringify({ settings }))
    scene = await openScene({
      pods: [
        {
          id: 'idle',
          name: 'idle',
          mode: 'idle',
          gpu: { id: 'NVIDIA GeForce RTX 4090', count: 1, vcpuCount: 16 },
          persistent: { sizeGb: 20, path: '/workspace' },
          stoppingS: 1,
        },
      ],
      launch: {
        dataDir,
        env: {
          NODE_USE_ENV_PROXY: '1',
          HTTP_PROXY: `http://me:secret@${proxy.name}`,
          HTTPS_PROXY: proxy.name,
        },
      },
    })
    await scene.pasteKeyByHand()
    await expect.poll(() => card(scene.page, 'idle').count()).toBe(1)
    expect([proxy.tunnels, proxy.plainRequests]).toEqual([[], []])
    expect(scene.running.output()).not.toContain('secret')
  })

  test('says that its costs cannot be read, and stops a pod by its rules all the same', async () => {
    await expect
      .poll(() => scene.page.textContent('body'))
      .toContain('The costs of earlier months cannot be read: ENOTDIR')
    await scene.page.evaluate(`window.app.setAutoStop('${await accountIdOf(scene.page)}', 'all')`)
    await expect.poll(() => actionsSent(scene), { timeout: 60_000 }).toEqual(['stop idle'])
    expect(await readFile(join(scene.running.dataDir, 'costs'), 'utf8')).toBe('of somebody')
  })
})
