import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Intent, IntentAction } from '../../src/core/intents'
import { isOpen } from '../../src/core/intents'
import { parseIntent } from '../../src/core/parse-intent'
import type { Cell } from './harness/crash-cells'
import { cellsOf, faultOf, podOf } from './harness/crash-cells'
import type { HeldApi } from './harness/held-api'
import { openHeldApi } from './harness/held-api'
import { startKeyring } from './harness/keyring'
import type { Scene } from './harness/scene'
import { actionsSent, openScene } from './harness/scene'
import { until } from './harness/waiting'

/*
 * The real app, killed while actions stand at every step and with every answer, all at the same moment; then it is started
 * again, and what Runpod was asked is counted. See harness/crash-cells.ts.
 */

let scene: Scene
let wire: HeldApi
let endKeyring: () => Promise<void>

beforeAll(async () => {
  endKeyring = await startKeyring()
  scene = await openScene({
    settings: { undoS: 1 },
    wire: async (url) => {
      wire = await openHeldApi(url)
      return wire.url
    },
  })
  await scene.pasteKey()
  await until('the connection', () =>
    scene.page.evaluate<boolean>(`window.app.snapshot().then(
    ({ value }) => value.connection.kind === 'live')`),
  )
})
afterAll(async () => {
  await scene?.close()
  await wire?.close()
  await endKeyring?.()
})

const requests = (cell: Pick<Cell, 'action' | 'podId'>): number =>
  actionsSent(scene).filter((sent) => sent === `${cell.action} ${cell.podId}`).length

/** Every state of every intent, as the journal has them, oldest first. */
function journal(): readonly Intent[] {
  const text = readFileSync(join(scene.running.dataDir, 'intents.jsonl'), 'utf8')
  return text
    .split('\n')
    .map((line) => (line === '' ? null : parseIntent(JSON.parse(line))))
    .filter((intent) => intent !== null)
}
const intentOf = (podId: string): Intent | undefined =>
  journal()
    .filter((intent) => intent.podId === podId)
    .at(-1)

async function ask(action: IntentAction, podId: string): Promise<void> {
  const request = { start: 'startPod', stop: 'stopPod', restart: 'restartPod', terminate: 'askTerminate' }[
    action
  ]
  const answer = await until(`the ${action} of ${podId} to be taken`, async () => {
    const asked: unknown = await scene.page.evaluate(`window.app.${request}('${podId}')`)
    return (asked as { ok: boolean }).ok
  })
  expect(answer).toBe(true)
}

/** As a person does it: in the window that asks. */
async function confirmTerminate(podId: string): Promise<void> {
  await ask('terminate', podId)
  await until(`the question about ${podId}`, async () => {
    const page = await scene.running.confirmWindow()
    // A window that answered a moment ago is on its way out.
    const answered = await page
      .evaluate<{ kind: string } | null>(
        `window.confirmation.confirmation().then(({ value }) => value?.title === 'Terminate ${podId}?'
          ? window.confirmation.answerConfirmation(value.token, '${podId}').then((answer) => answer.value) : null)`,
      )
      .catch(() => null)
    return answered?.kind === 'done' || intentOf(podId) !== undefined
  })
}

/** Whether the action is where it is to be killed. */
function isThere({ podId, action, step, answer }: Cell): boolean {
  const intent = intentOf(podId)
  switch (step) {
    case 'scheduled':
      return intent?.phase === 'scheduled'
    case 'on-its-way':
      return wire.held().includes(podId)
    case 'dealt-with':
      return answer === 'hang' ? requests({ action, podId }) === 1 : wire.held().includes(podId)
    case 'answered':
      if (intent === undefined || intent.sentAt === null) return false
      return intent.phase !== 'sent' || intent.message !== null
  }
}

function change(settings: Record<string, number>): void {
  const path = join(scene.running.dataDir, 'config.json')
  const config = JSON.parse(readFileSync(path, 'utf8')) as { settings: Record<string, unknown> }
  writeFileSync(path, JSON.stringify({ ...config, settings: { ...config.settings, ...settings } }))
}

async function bring(cells: readonly Cell[]): Promise<void> {
  for (const { action, podId } of cells)
    await (action === 'terminate' ? confirmTerminate(podId) : ask(action, podId))
}

const allThere = (cells: readonly Cell[]): Promise<unknown> =>
  until(`${cells.length} actions to be where they are to be killed`, () => cells.every(isThere), 20_000)

test.each<IntentAction>(['stop', 'start', 'restart', 'terminate'])(
  'killed at every step of a %s, whatever the answer: none is lost, none is doubled',
  async (action) => {
    const cells = cellsOf(action)
    for (const cell of cells) {
      scene.runpod.addPod(podOf(cell))
      const fault = faultOf(cell)
      if (fault !== null) scene.runpod.fault(fault)
      if (cell.step === 'on-its-way') wire.hold(cell.podId, 'request')
      // What a 429 holds back would hold back everything else as well: those answers are let go last, and together.
      if (cell.step === 'dealt-with' || cell.answer === '429') wire.hold(cell.podId, 'answer')
    }
    await until('the pods', () =>
      scene.page.evaluate<boolean>(`window.app.snapshot().then(({ value }) =>
        ${JSON.stringify(cells.map(({ podId }) => podId))}.every((id) => value.pods.some((pod) => pod.id === id)))`),
    )
    const putOff = cells.filter(({ answer, step }) => answer === '429' && step === 'answered')
    const unsent = cells.filter(({ step }) => step === 'scheduled')
    const first = cells.filter((cell) => !putOff.includes(cell) && !unsent.includes(cell))
    await bring(first)
    await allThere(first)
    await bring(putOff)
    await until('the answers to be held', () => putOff.every(({ podId }) => wire.held().includes(podId)))
    await scene.page.evaluate("window.app.changeSetting('undoS', 60)")
    await bring(unsent)
    if (action === 'terminate') {
      // Asked about, the name typed, and not confirmed: that is no terminate.
      scene.runpod.addPod(podOf({ action, podId: 'unconfirmed' }))
      await ask('terminate', 'unconfirmed')
      const page = await scene.running.confirmWindow()
      await page.getByRole('textbox').fill('unconfirmed')
    }
    wire.release(putOff.map(({ podId }) => podId))
    await allThere(cells)

    await scene.running.kill9()
    wire.forget()
    // Nobody wants to wait for the real ones.
    change({ undoS: 1, stopDeadlineS: 5, restartDeadlineS: 5, terminateDeadlineS: 5, startDeadlineMin: 0.1 })
    await scene.crashAndRestart()

    await until(
      'every action to come to its end',
      () => cells.every(({ podId }) => !isOpen(intentOf(podId) ?? { phase: 'sent' })),
      45_000,
    )
    const outcome = (cell: Cell, end: unknown, count: number) =>
      `${cell.podId}: ${String(end)}, asked ${count}×`
    expect(cells.map((cell) => outcome(cell, intentOf(cell.podId)?.phase, requests(cell)))).toEqual(
      cells.map((cell) => outcome(cell, cell.end, cell.requests)),
    )
    for (const { podId, end } of cells) {
      expect(
        new Set(
          journal()
            .filter((intent) => intent.podId === podId)
            .map(({ id }) => id),
        ).size,
      ).toBe(1)
      expect([podId, isDone(action, podId)]).toEqual([podId, end === 'observed'])
    }
    if (action !== 'terminate') return
    expect(requests({ action, podId: 'unconfirmed' })).toBe(0)
    const folder = join(scene.running.dataDir, 'activity')
    const log = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
    for (const { podId } of cells)
      expect(log.join()).toMatch(new RegExp(`"podId":"${podId}"[^\n]*terminate confirmed`))
  },
  120_000,
)

/** Whether the pod is as the action leaves it. */
function isDone(action: IntentAction, podId: string): boolean {
  if (action === 'terminate') return !scene.runpod.runningPodIds().includes(podId)
  const { status, runtime } = scene.runpod.pod(podId) as {
    status: string
    runtime: { uptime: number } | null
  }
  if (action === 'restart') return (runtime?.uptime ?? 0) < 1_000
  return status === (action === 'stop' ? 'EXITED' : 'RUNNING')
}
