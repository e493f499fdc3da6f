import { afterAll, beforeAll, expect, test } from 'vitest'
import type { IntentAction } from '../../src/core/intents/intent'
import { type Cell, cellsOf, faultOf, podOf } from '../harness/app/crash-cells'
import { type CrashRig, openCrashRig } from '../harness/app/crash-rig'
import { until } from '../harness/app/waiting'

/*
 * The real app, killed while actions stand at every step and with every answer, all at the same moment; then it is started
 * again, and what Runpod was asked is counted. See harness/crash-cells.ts. `npm run bench -- crash` kills it at any moment.
 */

let rig: CrashRig
beforeAll(async () => {
  rig = await openCrashRig()
})
afterAll(() => rig?.close())

/** Whether the action is where it is to be killed. */
function isThere({ podId, action, step, answer }: Cell): boolean {
  const intent = rig.intentsOf(podId).at(-1)
  switch (step) {
    case 'scheduled':
      return intent?.phase === 'scheduled'
    case 'on-its-way':
      return rig.wire.held().includes(podId)
    case 'dealt-with':
      return answer === 'hang' ? rig.requests(action, podId) === 1 : rig.wire.held().includes(podId)
    case 'answered':
      if (intent === undefined || intent.sentAt === null) return false
      return intent.phase !== 'sent' || intent.message !== null
  }
}

async function bring(cells: readonly Cell[]): Promise<void> {
  for (const { action, podId } of cells)
    await (action === 'terminate' ? rig.confirmTerminate(podId) : rig.ask(action, podId))
}

const allThere = (cells: readonly Cell[]): Promise<unknown> =>
  until(`${cells.length} actions to be where they are to be killed`, () => cells.every(isThere), 20_000)

test.each<IntentAction>(['stop', 'start', 'restart', 'terminate'])(
  'killed at every step of a %s, whatever the answer: none is lost, none is doubled',
  async (action) => {
    const { scene, wire } = rig
    const cells = cellsOf(action)
    for (const cell of cells) {
      scene.runpod.addPod(podOf(cell))
      const fault = faultOf(cell)
      if (fault !== null) scene.runpod.fault(fault)
      if (cell.step === 'on-its-way') wire.hold(cell.podId, 'request')
      // What a 429 holds back would hold back everything else as well: those answers are let go last, and together.
      if (cell.step === 'dealt-with' || cell.answer === '429') wire.hold(cell.podId, 'answer')
    }
    await rig.showsPods(cells.map(({ podId }) => podId))
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
      await rig.ask('terminate', 'unconfirmed')
      const page = await scene.running.confirmWindow()
      await page.getByRole('textbox').fill('unconfirmed')
    }
    wire.release(putOff.map(({ podId }) => podId))
    await allThere(cells)

    await rig.crashAndRestart()
    await rig.settled(cells.map(({ podId }) => podId))

    const outcome = ({ podId }: Cell, end: unknown, requests: number) =>
      `${podId}: ${String(end)}, asked ${requests}×`
    expect(
      cells.map((cell) =>
        outcome(cell, rig.intentsOf(cell.podId).at(-1)?.phase, rig.requests(action, cell.podId)),
      ),
    ).toEqual(cells.map((cell) => outcome(cell, cell.end, cell.requests)))
    for (const { podId, end } of cells) {
      expect(new Set(rig.intentsOf(podId).map(({ id }) => id)).size).toBe(1)
      expect([podId, rig.isDone(action, podId)]).toEqual([podId, end === 'observed'])
    }
    if (action !== 'terminate') return
    expect(rig.requests(action, 'unconfirmed')).toBe(0)
    expect(cells.filter(({ podId }) => !rig.isConfirmed(podId))).toEqual([])
  },
  120_000,
)
