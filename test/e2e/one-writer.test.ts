import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { runCli, startCli } from '../harness/cli/cli'
import { useRealCli } from '../harness/cli/real-program'
import { actionsSent, card, openScene, type Scene, screenshot, VOLUME } from '../harness/app/start/scene'

useRealCli()

let scene: Scene
afterEach(() => scene?.close())

async function openWithPod(): Promise<void> {
  scene = await openScene({
    pods: [
      { id: 'a', name: 'a', mode: 'training', stoppingS: 0.2, provisioningS: 0.1, startingS: 0.2, ...VOLUME },
    ],
    settings: { undoS: 1 },
  })
  await scene.pasteKeyByHand()
  await expect.poll(() => card(scene.page, 'a').count()).toBe(1)
}

/** Runs a command on the app's data. */
const command = (...args: string[]) => ({
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

test('an action sent by a killed app is checked by the next command, and an unsent one stays undone', async () => {
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

test('the app is read-only while a command watches, says so, and becomes active once the command is killed', async () => {
  await openWithPod()
  await scene.running.kill9()
  const watching = startCli({ ...command('watch'), isRealProgram: true })
  await watching.waitForOutput(/a is running and busy/)
  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  await scene.pasteKeyByHand()
  await expect
    .poll(text)
    .toContain(`A podkeeper command (process ${watching.child.pid}) sends alerts and acts for this folder.`)
  await stop()
  await expect.poll(text).toContain('manages this account. Do it there, or quit it first.')
  await screenshot(scene.page, 'one-writer')
  expect(actionsSent(scene)).toEqual([])

  watching.child.kill('SIGKILL')
  await expect.poll(text).not.toContain('alerts and acts for this folder')
  await stop()
  await expect.poll(() => actionsSent(scene)).toEqual(['stop a'])
  await expect.poll(() => card(scene.page, 'a').textContent()).toContain('Stopped at')
})

test('an action sent by a killed command is followed to its end by the app, which sends nothing', async () => {
  await openWithPod()
  await scene.running.kill9()
  scene.runpod.fault({ kind: 'slow', delayMs: 60_000, method: 'POST', action: 'stop' })
  const stopping = startCli({ ...command('stop', 'a', '--yes'), isRealProgram: true })
  await expect.poll(() => actionsSent(scene)).toEqual(['stop a'])
  // The stopped process neither exits nor continues, however long the app takes to start.
  stopping.child.kill('SIGSTOP')
  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  await scene.pasteKeyByHand()
  await expect.poll(text).toContain('alerts and acts for this folder')
  stopping.child.kill('SIGKILL')
  await expect.poll(text).not.toContain('alerts and acts for this folder')
  await expect.poll(() => card(scene.page, 'a').textContent()).toContain('Stopped at')
  await expect.poll(lastIntent).toMatchObject({ podId: 'a', phase: 'observed' })
  expect(actionsSent(scene)).toEqual(['stop a'])
})
