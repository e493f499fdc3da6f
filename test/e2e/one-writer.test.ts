import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli, startCli } from '../harness/cli/cli'
import { useRealCli } from '../harness/cli/real-program'
import { actionsSent, card, openScene, type Scene, screenshot, VOLUME } from '../harness/app/start/scene'

useRealCli()

/* One data folder, for the app and for commands. The tests run in order; the pod runs at the start of each. */

let scene: Scene
beforeAll(async () => {
  scene = await openScene({
    pods: [
      { id: 'a', name: 'a', mode: 'training', stoppingS: 0.2, provisioningS: 0.1, startingS: 0.2, ...VOLUME },
    ],
    settings: { undoS: 1 },
  })
  await scene.pasteKeyByHand()
  await card(scene.page, 'a').waitFor()
})
afterAll(() => scene?.close())

async function startAgain(): Promise<void> {
  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  await scene.pasteKeyByHand()
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
  scene.runpod.clearFaults()
  const before = actionsSent(scene)
  const watching = startCli({ ...command('watch'), isRealProgram: true })
  await watching.waitForOutput(/a is running and busy/)
  await startAgain()
  await expect
    .poll(text)
    .toContain(
      `Another Podkeeper manages your pods: a podkeeper command (process ${watching.child.pid}) sends alerts and acts.`,
    )
  await stop()
  await expect.poll(text).toContain('manages this account. Do it there, or quit it first.')
  await screenshot(scene.page, 'one-writer')
  expect(actionsSent(scene)).toEqual(before)

  watching.child.kill('SIGKILL')
  await expect.poll(text).not.toContain('Another Podkeeper manages your pods')
  await stop()
  await expect.poll(() => actionsSent(scene)).toEqual([...before, 'stop a'])
  await expect.poll(() => card(scene.page, 'a').textContent()).toContain('Stopped at')
})

test('an action sent by a killed command is followed to its end by the app, which sends nothing', async () => {
  await scene.running.kill9()
  scene.runpod.act('a', 'start')
  await expect.poll(() => scene.runpod.pod('a')['status']).toBe('RUNNING')
  const before = actionsSent(scene)
  scene.runpod.fault({ kind: 'slow', delayMs: 60_000, method: 'POST', action: 'stop' })
  const stopping = startCli({ ...command('stop', 'a', '--yes'), isRealProgram: true })
  await expect.poll(() => actionsSent(scene)).toEqual([...before, 'stop a'])
  // The stopped process neither exits nor continues, however long the app takes to start.
  stopping.child.kill('SIGSTOP')
  await startAgain()
  await expect.poll(text).toContain('Another Podkeeper manages your pods')
  stopping.child.kill('SIGKILL')
  await expect.poll(text).not.toContain('Another Podkeeper manages your pods')
  await expect.poll(() => card(scene.page, 'a').textContent()).toContain('Stopped at')
  await expect.poll(lastIntent).toMatchObject({ podId: 'a', phase: 'observed' })
  expect(actionsSent(scene)).toEqual([...before, 'stop a'])
})
