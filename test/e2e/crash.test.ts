import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FULL_KEY } from '../../src/simulator/simulator'
import { startKeyring } from '../harness/app/desktop/keyring'
import { actionsSent, card, openCard, openScene, type Scene, VOLUME } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

/*
 * One app is killed once, with one stop in its undo time, one that was performed and one that was lost. crash-matrix.test.ts
 * kills it at every step; here are the windows.
 */

let endKeyring: () => Promise<void>
let scene: Scene
let wasWithoutKeyring: boolean
beforeAll(async () => {
  endKeyring = await startKeyring()
  scene = await openScene({
    pods: ['a', 'b', 'c'].map((name) => ({ id: name, name, mode: 'training', ...VOLUME })),
    settings: { undoS: 1 },
  })
  await scene.pasteKeyByHand()
  // It is shown for some seconds only.
  await scene.page.getByText('is stored in the system keyring').first().waitFor()
  await waitUntil('the pods', async () => (await card(scene.page, 'c').count()) === 1)
  wasWithoutKeyring = ((await scene.page.textContent('body')) ?? '').includes('No system keyring')
  scene.runpod.fault({ kind: 'slow', delayMs: 60_000, method: 'POST', action: 'stop', podId: 'b' })
  scene.runpod.fault({ kind: 'hang', method: 'POST', action: 'stop', podId: 'c' })
  for (const name of ['b', 'c']) {
    await stop(name)
    await waitUntil(`the stop of ${name}`, () => actionsSent(scene).includes(`stop ${name}`))
  }
  await scene.page.evaluate("window.app.changeSetting('undoS', 60)")
  await stop('a')
  await waitUntil('the stop of a to be written down', () => phaseOf('a') === 'scheduled')
  await scene.crashAndRestart()
  // The one that was lost is waited for no longer.
  await scene.page.evaluate("window.app.changeSetting('stopDeadlineS', 5)")
})
afterAll(async () => {
  await scene?.close()
  await endKeyring?.()
})

const stop = (name: string) =>
  card(scene.page, name)
    .getByRole('button', { name: `Stop ${name}` })
    .click()
const actionsOf = (name: string): string[] =>
  actionsSent(scene).filter((action) => action.endsWith(` ${name}`))
const phaseOf = (podId: string): string | undefined =>
  readFileSync(join(scene.running.dataDir, 'intents.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { podId: string; phase: string })
    .filter((intent) => intent.podId === podId)
    .at(-1)?.phase

test('a saved key reconnects after a crash and is not stored in plain text', async () => {
  expect(wasWithoutKeyring).toBe(false)
  await expect.poll(() => card(scene.page, 'a').count()).toBe(1)
  // The environment of pods doesn't appear there either.
  for (const secret of [FULL_KEY, 'never-show-this'])
    expect(filesWith(scene.running.dataDir, secret)).toEqual([])
  expect(scene.running.output()).not.toContain(FULL_KEY)
  expect(await scene.page.content()).not.toContain(FULL_KEY)
  expect(await scene.page.evaluate('window.app.snapshot().then(JSON.stringify)')).not.toMatch(
    /never-show-this|rpa_/,
  )
})

test('a stop killed during its undo time is canceled, reported, and never sent', async () => {
  await expect.poll(() => scene.page.textContent('body')).toMatch(/quit before the stop of a was sent/)
  await expect.poll(() => card(scene.page, 'a').textContent()).toMatch(/Busy|Booting|Activity unknown/)
  expect(actionsOf('a')).toEqual([])
})

test('a stop killed after it was sent and performed is recognized as done and not sent again', async () => {
  await openCard(scene.page, 'b')
  await expect.poll(() => card(scene.page, 'b').textContent()).toContain('Stopped at')
  await expect.poll(() => phaseOf('b')).toBe('observed')
  expect(actionsOf('b')).toEqual(['stop b'])
})

test('a stop killed after it was sent and lost is reported as not done and not sent again', async () => {
  await expect.poll(() => card(scene.page, 'c').textContent()).toContain('not confirmed yet')
  expect(actionsSent(scene)).toEqual(['stop b', 'stop c'])
  expect(scene.runpod.pod('c')['status']).toBe('RUNNING')
})

/** Names of files below `folder` that contain `text`. Looks again if the app removes one meanwhile. */
function filesWith(folder: string, text: string): string[] {
  for (;;) {
    try {
      return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((path) => readFileSync(path, 'latin1').includes(text))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
}
