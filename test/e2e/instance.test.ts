import { spawnSync } from 'node:child_process'
import { lstatSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { newFolder, OUR_APP, startPlain } from '../../bench/app/apps'
import { openScene, type Scene } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

let scene: Scene
afterEach(() => scene?.close())

test('a second instance hands over to the first and leaves no files behind', async () => {
  scene = await openScene({ pods: [{ name: 'a', mode: 'training' }] })
  const isVisible = () =>
    scene.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false)
  await expect.poll(isVisible).toBe(true)
  await scene.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
  await expect.poll(isVisible).toBe(false)
  const before = ownFiles(scene.running.dataDir)
  const requests = scene.runpod.requests.length

  const second = startAgain(scene.running.dataDir, { RUNPOD_API_BASE_URL: `${scene.runpod.url}/v2` })
  expect(second.status).toBe(0)
  await expect.poll(isVisible).toBe(true)
  expect(ownFiles(scene.running.dataDir)).toEqual(before)
  expect(scene.runpod.requests.length).toBe(requests)
})

test('a second instance while the first still starts is not lost', async () => {
  const dataDir = await newFolder()
  const first = await startPlain(OUR_APP, { dataDir, args: ['--hidden'], isOpen: true })
  try {
    await waitUntil('the lock', () => lstatSync(join(dataDir, 'SingletonLock'), { throwIfNoEntry: false }))
    expect(startAgain(dataDir).status).toBe(0)
    await expect.poll(() => first.evaluate('index.html', 'document.visibilityState')).toBe('visible')
  } finally {
    await first.close()
  }
})

function startAgain(dataDir: string, env: Readonly<Record<string, string>> = {}) {
  return spawnSync(
    process.env['PODKEEPER_ELECTRON'] ?? '',
    [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${dataDir}`, OUR_APP],
    { env: { ...process.env, ...env }, timeout: 60_000 },
  )
}

/** Podkeeper's own files with times and sizes, without Chromium's caches. */
function ownFiles(folder: string): unknown[] {
  return readdirSync(folder)
    .filter((name) => /config|intents|\.json/.test(name))
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name))
      return { name, size, mtimeMs }
    })
}
