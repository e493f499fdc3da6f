import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { FULL_KEY } from '../../src/simulator/simulator'
import { card, openScene, type Scene } from '../harness/app/start/scene'

let scene: Scene
afterEach(() => scene?.close())

test('the menu copies diagnostics with state and log, but without key, environment and names', async () => {
  scene = await openScene({
    pods: [{ id: 'pod-canary', name: 'name-canary', mode: 'training' }],
    launch: { env: { HF_TOKEN: 'hf-token-canary' } },
  })
  await scene.pasteKey()
  await expect.poll(() => card(scene.page, 'name-canary').count()).toBe(1)
  // What a careless log line would contain.
  await scene.running.app.evaluate((_electron, key) => {
    void Promise.reject(
      new Error(`pod name-canary of ${key} with hf-token-canary`, {
        cause: new Error(`env: { A: '${key}' }`),
      }),
    )
  }, FULL_KEY)
  await scene.page.getByRole('button', { name: 'More', exact: true }).click()
  await scene.page.getByRole('menuitem', { name: 'Copy diagnostics' }).click()
  const copied = () => scene.running.app.evaluate(({ clipboard }) => clipboard.readText())
  await expect.poll(copied).toMatch(/^Podkeeper \d/)
  const text = await copied()
  for (const part of [
    'Electron: ',
    'connection: {"kind":"live"}',
    'pods: 1 running',
    'pollActiveS: 1',
    'A rejection was not handled',
  ])
    expect(text).toContain(part)
  const folder = join(scene.running.dataDir, 'logs')
  const logs = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
  for (const said of [text, ...logs, scene.running.output()])
    for (const secret of [FULL_KEY, 'hf-token-canary', 'never-show-this']) expect(said).not.toContain(secret)
  expect(text).not.toMatch(/name-canary|pod-canary/)
  await expect.poll(() => scene.page.textContent('body')).toMatch(/Diagnostics copied: versions/)
})
