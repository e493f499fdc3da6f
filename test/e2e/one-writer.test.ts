import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { buildCli, runCli, startCli } from '../harness/cli/cli'
import { actionsSent, card, openScene, type Scene, screenshot } from '../harness/app/scene'

const program = buildCli()

let scene: Scene
afterEach(() => scene?.close())

async function openWithPod(): Promise<void> {
  scene = await openScene({
    pods: [{ id: 'a', name: 'a', mode: 'training', stoppingS: 0.2, provisioningS: 0.1, startingS: 0.2 }],
    settings: { undoS: 1 },
  })
  await scene.pasteKey()
  await expect.poll(() => card(scene.page, 'a').count()).toBe(1)
}

/** Runs a command on the app's data. */
const command = (...args: string[]) => ({
  program: program(),
  args,
  runpod: scene.runpod,
  dataFolder: scene.running.dataDir,
})
const stop = () => card(scene.page, 'a').getByRole('button', { name: 'Stop a' }).click()
const lastIntent = (): unknown =>
  JSON.parse(
    readFileSync(join(scene.running.dataDir, 'intents.jsonl'), 'utf8').trimEnd().split('\n').at(-1) ?? '',
  )
const text = () => scene.page.textContent('body')

test('while the app runs, a command looks but does not act, and says where to', async () => {
  await openWithPod()
  expect((await runCli(command('status'))).code).toBe(0)
  const refused = await runCli(command('stop', 'a', '--yes'))
  expect(refused.code).toBe(6)
  expect(refused.stderr).toContain(`the Podkeeper app (process ${scene.running.pid}) acts for this account`)
  expect(actionsSent(scene)).toEqual([])
})

test('what the app had sent when it was killed, the next command finds out; what it had not, stays undone', async () => {
  await openWithPod()
  scene.runpod.fault({ kind: 'slow', delayMs: 60_000, method: 'POST', action: 'stop' })
  await stop()
  await expect.poll(() => actionsSent(scene)).toEqual(['stop a'])
  await scene.running.kill9()
  await expect.poll(() => scene.runpod.pod('a')['status']).toBe('EXITED')
  const started = await runCli(command('start', 'a'))
  expect(started).toMatchObject({ code: 0, stdout: 'a runs.\n' })
  expect(actionsSent(scene)).toEqual(['stop a', 'start a'])
})

test('while a command watches, the app only shows and says so; it acts once that is killed', async () => {
  await openWithPod()
  await scene.running.kill9()
  const watching = startCli(command('watch'))
  await watching.waitForOutput(/a runs and is busy/)
  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  await scene.pasteKey()
  await expect
    .poll(text)
    .toContain(`A podkeeper command (process ${watching.child.pid}) alerts and acts for this folder.`)
  await stop()
  await expect.poll(text).toContain('acts for this account; do it there, or end it first.')
  await screenshot(scene.page, 'one-writer')
  expect(actionsSent(scene)).toEqual([])

  watching.child.kill('SIGKILL')
  await expect.poll(text).not.toContain('alerts and acts for this folder')
  await stop()
  await expect.poll(() => actionsSent(scene)).toEqual(['stop a'])
  await expect.poll(() => card(scene.page, 'a').textContent()).toContain('Stopped at')
})

test('what a killed command had sent, the app that looked on follows to its end and sends nothing', async () => {
  await openWithPod()
  await scene.running.kill9()
  scene.runpod.fault({ kind: 'slow', delayMs: 60_000, method: 'POST', action: 'stop' })
  const stopping = startCli(command('stop', 'a', '--yes'))
  await expect.poll(() => actionsSent(scene)).toEqual(['stop a'])
  // The stopped process neither exits nor continues, however long the app takes to start.
  stopping.child.kill('SIGSTOP')
  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  await scene.pasteKey()
  await expect.poll(text).toContain('alerts and acts for this folder')
  stopping.child.kill('SIGKILL')
  await expect.poll(text).not.toContain('alerts and acts for this folder')
  await expect.poll(() => card(scene.page, 'a').textContent()).toContain('Stopped at')
  await expect.poll(lastIntent).toMatchObject({ podId: 'a', phase: 'observed' })
  expect(actionsSent(scene)).toEqual(['stop a'])
})
