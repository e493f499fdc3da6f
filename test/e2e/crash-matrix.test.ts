import { afterAll, beforeAll, expect, test } from 'vitest'
import type { IntentAction } from '../../src/core/intents/intent'
import { type CrashCase, crashCasesOf, faultOf, podOf } from '../harness/app/faults/crash-cases'
import { type CrashHarness, openCrashHarness } from '../harness/app/faults/crash-harness'
import { waitUntil } from '../harness/app/act/wait-until'

/*
 * Kills the real app while actions of every kind are at every step and with every response, all at the same time. After
 * the restart, the test counts the requests to Runpod. See harness/app/crash-cases.ts. `npm run bench -- crash` kills
 * the app at random times.
 */

const ACTIONS: readonly IntentAction[] = ['stop', 'start', 'restart', 'terminate']
const crashCases = ACTIONS.flatMap(crashCasesOf)

let harness: CrashHarness
beforeAll(async () => {
  harness = await openCrashHarness()
  await bringAll()
  await harness.crashAndRestart()
  // With the long deadlines still: a busy computer may need more time for this than the short ones leave.
  const sentAgain = crashCases.filter(({ requests, end }) => requests === 2 && end === 'observed')
  await waitUntil('what was put off by a 429 to be sent again', () =>
    sentAgain.every(({ podId }) => harness.intentsOf(podId).at(-1)?.phase === 'observed'),
  )
  await harness.waitUntilSettled(crashCases.map(({ podId }) => podId))
  // Longer than all that is waited for in it, so that the error says what did not come.
}, 600_000)
afterAll(() => harness?.close())

/** Whether the action has reached the step at which the app is to be killed. */
function isThere({ podId, action, step, answer }: CrashCase): boolean {
  const intent = harness.intentsOf(podId).at(-1)
  switch (step) {
    case 'scheduled':
      return intent?.phase === 'scheduled'
    case 'on-its-way':
      return harness.proxy.heldPodIds().includes(podId)
    case 'dealt-with':
      return answer === 'hang'
        ? harness.requests(action, podId) === 1
        : harness.proxy.heldPodIds().includes(podId)
    case 'answered':
      if (intent === undefined || intent.sentAt === null) return false
      return intent.phase !== 'sent' || intent.message !== null
  }
}

async function bring(crashCases: readonly CrashCase[]): Promise<void> {
  const isTerminate = ({ action }: CrashCase): boolean => action === 'terminate'
  for (const { podId } of crashCases.filter(isTerminate)) await harness.confirmTerminate(podId)
  await harness.requestActions(crashCases.filter((crashCase) => !isTerminate(crashCase)))
}

const allThere = (crashCases: readonly CrashCase[]): Promise<unknown> =>
  waitUntil(`${crashCases.length} actions to be where they are to be killed`, () => crashCases.every(isThere))

/** Brings every action to its step. */
async function bringAll(): Promise<void> {
  const { scene, proxy } = harness
  for (const crashCase of crashCases) {
    scene.runpod.addPod(podOf(crashCase))
    const fault = faultOf(crashCase)
    if (fault !== null) scene.runpod.fault(fault)
    if (crashCase.step === 'on-its-way') proxy.hold(crashCase.podId, 'request')
    // What a 429 delays would delay everything else as well, so those responses are released last and together.
    if (crashCase.step === 'dealt-with' || crashCase.answer === '429') proxy.hold(crashCase.podId, 'answer')
  }
  scene.runpod.addPod(podOf({ action: 'terminate', podId: 'unconfirmed' }))
  await harness.waitForPods([...crashCases.map(({ podId }) => podId), 'unconfirmed'])
  const putOff = crashCases.filter(({ answer, step }) => answer === '429' && step === 'answered')
  const unsent = crashCases.filter(({ step }) => step === 'scheduled')
  const first = crashCases.filter((crashCase) => !putOff.includes(crashCase) && !unsent.includes(crashCase))
  await bring(first)
  await allThere(first)
  await bringCreates()
  await scene.page.evaluate("window.app.changeSetting('undoS', 60)")
  await bring(unsent)
  await scene.page.evaluate("window.app.changeSetting('undoS', 1)")
  // Little is done from here to the release, because the app waits for a held response for seconds only.
  await bring(putOff)
  // The confirmation is open and the name typed, but without confirming there is no terminate.
  await harness.requestActions([{ action: 'terminate', podId: 'unconfirmed' }])
  await harness.requestCreate('create-unconfirmed')
  const page = await scene.running.confirmWindow()
  await page.getByRole('textbox').fill('unconfirmed')
  await waitUntil('the answers to be held', () =>
    putOff.every(({ podId }) => proxy.heldPodIds().includes(podId)),
  )
  proxy.release(putOff.map(({ podId }) => podId))
  await allThere(crashCases)
}

/** By the step at which the app is killed. */
const creates = ['create-on-its-way', 'create-dealt-with', 'create-answered'] as const

async function bringCreates(): Promise<void> {
  const { scene, proxy } = harness
  scene.runpod.conditions({ stock: { '*': 'HIGH' } })
  proxy.hold('create-on-its-way', 'request')
  proxy.hold('create-dealt-with', 'answer')
  for (const name of creates) {
    await harness.requestCreate(name)
    await harness.confirmCreate(name)
  }
  await waitUntil(
    'the creates to be where they are to be killed',
    () =>
      proxy.heldPodIds().includes('create-on-its-way') &&
      proxy.heldPodIds().includes('create-dealt-with') &&
      harness.createsOf('create-answered').at(-1)?.phase === 'observed',
  )
}

test('a create is neither lost, repeated nor made without a confirmation if the app is killed around sending', async () => {
  const { scene } = harness
  await waitUntil(
    'the pod to be adopted',
    () => harness.createsOf('create-dealt-with').at(-1)?.phase === 'observed',
  )
  const pods = await scene.page.evaluate<string[]>(
    'window.app.snapshot().then(({ value }) => value.pods.map(({ name }) => name))',
  )
  const sent = scene.runpod.requests.filter(({ method, path }) => method === 'POST' && path === '/v2/pods')
  expect(pods.filter((name) => name.startsWith('create-')).sort()).toEqual([
    'create-answered',
    'create-dealt-with',
  ])
  // The held one never reached Runpod.
  expect(sent).toHaveLength(2)
  const open = harness.createsOf('create-on-its-way').at(-1)
  expect([open?.phase, open?.isUnclear, open?.podId]).toEqual(['sent', true, null])
  expect(harness.createsOf('create-unconfirmed')).toEqual([])
})

test.each(ACTIONS)(
  'a %s is neither lost nor duplicated if the app is killed at any step with any response',
  (action) => {
    const ofAction = crashCases.filter((crashCase) => crashCase.action === action)
    const outcome = ({ podId }: CrashCase, end: unknown, requests: number) =>
      `${podId}: ${String(end)}, asked ${requests}×`
    expect(
      ofAction.map((crashCase) =>
        outcome(
          crashCase,
          harness.intentsOf(crashCase.podId).at(-1)?.phase,
          harness.requests(action, crashCase.podId),
        ),
      ),
    ).toEqual(ofAction.map((crashCase) => outcome(crashCase, crashCase.end, crashCase.requests)))
    for (const { podId, end } of ofAction) {
      expect(new Set(harness.intentsOf(podId).map(({ id }) => id)).size).toBe(1)
      expect([podId, harness.isDone(action, podId)]).toEqual([podId, end === 'observed'])
    }
  },
)

test('a terminate is sent only if a user confirmed it', () => {
  expect(harness.requests('terminate', 'unconfirmed')).toBe(0)
  const terminated = crashCases.filter(({ action }) => action === 'terminate')
  expect(terminated.length).toBeGreaterThan(0)
  expect(terminated.filter(({ podId }) => !harness.isConfirmed(podId))).toEqual([])
})
