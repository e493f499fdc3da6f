import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyDamage } from '../../bench/disk/damage'
import { actionsSent, card, openCard, openScene, type Scene, screenshot } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

/* One app is killed, everything that it wrote is damaged, and it is started again. */

let scene: Scene
beforeAll(async () => {
  scene = await openScene({
    pods: ['a', 'b', 'c', 'd'].map((name) => ({
      id: name,
      name,
      mode: 'training',
      stoppingS: 0.2,
      persistent: { sizeGb: 20, path: '/workspace' },
    })),
    settings: { undoS: 1 },
  })
  await scene.pasteKey()
  await stops('a')
})
afterAll(() => scene?.close())

async function stops(name: string): Promise<void> {
  await waitUntil(`the card of ${name}`, async () => (await card(scene.page, name).count()) === 1)
  await card(scene.page, name)
    .getByRole('button', { name: `Stop ${name}` })
    .click()
  await openCard(scene.page, name)
  await waitUntil(`${name} to stop`, async () =>
    /Stopped at/.test((await card(scene.page, name).textContent()) ?? ''),
  )
}

const OURS = /^(config\.json(\.last-good)?|alert-marks\.json|idle-episodes\.json|(activity|costs)\/.*)$/

/** What the app wrote, relative to its folder. Without the journal, in whose place nothing can be written. */
const written = (): readonly string[] =>
  readdirSync(scene.running.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(scene.running.dataDir.length + 1))
    .filter((name) => OURS.test(name))

test.each([
  ['nul', 'b'],
  ['folder', 'c'],
  ['loop', 'd'],
] as const)(
  'an app whose files are all damaged (%s) starts, says so, and stops a pod',
  async (kind, podName) => {
    await scene.running.kill9()
    const names = written()
    // A folder stays in the place of what cannot be moved aside.
    expect(names).toEqual(expect.arrayContaining(['config.json', 'config.json.last-good']))
    for (const name of names) applyDamage(join(scene.running.dataDir, name), { kind })
    scene.running = await scene.running.relaunch()
    scene.page = await scene.running.popover()
    await scene.pasteKey()
    await expect.poll(() => scene.page.textContent('body')).toMatch(/config\.json could not be (used|read)/)
    await screenshot(scene.page, `damaged-folder-${kind}`)
    await stops(podName)
    expect(actionsSent(scene).at(-1)).toBe(`stop ${podName}`)
  },
)
