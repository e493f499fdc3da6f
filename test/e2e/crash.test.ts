import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FULL_KEY } from '../../src/simulator/simulator'
import { startKeyring } from '../harness/app/desktop/keyring'
import { actionsSent, card, openCard, openScene, type Scene, VOLUME } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

/* One app is killed repeatedly; each test has its own pod. */

let endKeyring: () => Promise<void>
let scene: Scene
beforeAll(async () => {
  endKeyring = await startKeyring()
  scene = await openScene({
    pods: ['a', 'b', 'c'].map((name) => ({ id: name, name, mode: 'training', ...VOLUME })),
    // Long enough to kill the app before it sends a stop; shorter once that was tested.
    settings: { stopDeadlineS: 5, undoS: 60 },
  })
  await scene.pasteKeyByHand()
  // It is shown for some seconds only.
  await scene.page.getByText('is stored in the system keyring').first().waitFor()
  await waitUntil('the pods', async () => (await card(scene.page, 'c').count()) === 1)
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
const phaseInJournal = () =>
  /"phase":"([^"]+)"/.exec(
    readFileSync(join(scene.running.dataDir, 'intents.jsonl'), 'utf8').trimEnd().split('\n').at(-1) ?? '',
  )?.[1]

test('a saved key reconnects after a crash and is not stored in plain text', async () => {
  expect(await scene.page.textContent('body')).not.toContain('No system keyring')
  await scene.crashAndRestart()
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
  await stop('a')
  await expect.poll(phaseInJournal).toBe('scheduled')
  await scene.crashAndRestart()
  await expect.poll(() => scene.page.textContent('body')).toMatch(/quit before the stop of a was sent/)
  await expect.poll(() => card(scene.page, 'a').textContent()).toMatch(/Busy|Booting|Activity unknown/)
  expect(actionsSent(scene)).toEqual([])
  await scene.page.evaluate("window.app.changeSetting('undoS', 1)")
})

test('a stop killed after it was sent and performed is recognized as done and not sent again', async () => {
  scene.runpod.fault({ kind: 'slow', delayMs: 60_000, method: 'POST', action: 'stop', podId: 'b' })
  await stop('b')
  await expect.poll(() => actionsOf('b')).toEqual(['stop b'])
  await scene.crashAndRestart()
  await openCard(scene.page, 'b')
  await expect.poll(() => card(scene.page, 'b').textContent()).toContain('Stopped at')
  await expect.poll(phaseInJournal).toBe('observed')
  expect(actionsOf('b')).toEqual(['stop b'])
})

test('a stop killed after it was sent and lost is reported as not done and not sent again', async () => {
  scene.runpod.fault({ kind: 'hang', method: 'POST', action: 'stop', podId: 'c' })
  await stop('c')
  await expect.poll(() => actionsOf('c')).toEqual(['stop c'])
  await scene.crashAndRestart()
  await expect.poll(() => card(scene.page, 'c').textContent()).toContain('did not happen')
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
