import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openScene, type Scene } from '../harness/app/scene'

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

  const root = resolve(import.meta.dirname, '../..')
  const second = spawnSync(
    process.env['PODKEEPER_ELECTRON'] ?? '',
    [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${scene.running.dataDir}`, root],
    { env: { ...process.env, RUNPOD_API_BASE_URL: `${scene.runpod.url}/v2` }, timeout: 15_000 },
  )
  expect(second.status).toBe(0)
  await expect.poll(isVisible).toBe(true)
  expect(ownFiles(scene.running.dataDir)).toEqual(before)
  expect(scene.runpod.requests.length).toBe(requests)
})

/** Podkeeper's own files with times and sizes, without Chromium's caches. */
function ownFiles(folder: string): unknown[] {
  return readdirSync(folder)
    .filter((name) => /config|intents|\.json/.test(name))
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name))
      return { name, size, mtimeMs }
    })
}
