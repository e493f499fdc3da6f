import type { IntentAction } from '../../src/core/intents/intent'
import { actionsSent } from '../../test/harness/app/start/scene'
import { type CrashHarness, openCrashHarness } from '../../test/harness/app/faults/crash-harness'
import { type ActionReply, crashCasesOf, faultOf, podOf } from '../../test/harness/app/faults/crash-cases'
import { pause } from '../../test/harness/app/act/wait-until'
import type { Measurement } from '../measurement'

const ROUNDS = 25
const ACTIONS: readonly IntentAction[] = ['stop', 'start', 'restart', 'terminate']
/**
 * The app is killed within this time after the first action was requested. Undo times, requests and responses all fall
 * into it.
 */
const KILL_WITHIN_MS = 4_000

/**
 * Kills the real app at random moments while actions are requested and answered in all possible ways, and reports what
 * is wrong after the restart.
 */
export async function measureKills(): Promise<readonly Measurement[]> {
  const seed = Number(process.env['PODKEEPER_SEED'] ?? Date.now() % 100_000)
  const random = createRandom(seed)
  const harness = await openCrashHarness()
  const violations: string[] = []
  let requested = 0
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const outcome = await killOnce(harness, round, random)
      requested += outcome.requested
      violations.push(...outcome.violations)
      for (const check of outcome.violations) console.error(`Seed ${seed}, kill ${round}: ${check}`)
    }
  } finally {
    await harness.close()
  }
  console.log(`Seed ${seed}: ${requested} actions, ${ROUNDS} kills.`)
  return [
    {
      group: 'crash',
      name: `actions lost, doubled or not confirmed, ${ROUNDS} kills`,
      unit: '',
      value: violations.length,
      spread: null,
      baseline: null,
      beside: null,
      goal: { kind: 'value', atMost: 0 },
    },
  ]
}

interface RequestedAction {
  readonly action: IntentAction
  readonly podId: string
  readonly answer: ActionReply | null
}

async function killOnce(
  harness: CrashHarness,
  round: number,
  random: () => number,
): Promise<{ readonly requested: number; readonly violations: readonly string[] }> {
  const { scene } = harness
  scene.runpod.clearFaults()
  const planned = ACTIONS.flatMap((action) =>
    [0, 1, 2].map((index): RequestedAction => {
      const answered = crashCasesOf(action).filter(({ step }) => step === 'answered')
      // A 429 delays all later requests, so it is rare to leave room for the other responses.
      const crashCase = answered[Math.floor(random() * answered.length)]
      const answer = crashCase?.answer === '429' && random() < 0.7 ? '200' : (crashCase?.answer ?? null)
      return { action, podId: `k${round}-${action}-${index}`, answer }
    }),
  )
  for (const { action, podId, answer } of planned) {
    scene.runpod.addPod(podOf({ action, podId }))
    const fault = faultOf({ action, podId, answer, step: 'answered', end: 'observed', requests: 0 })
    if (fault !== null) scene.runpod.fault(fault)
  }
  await harness.waitForPods(planned.map(({ podId }) => podId))

  /** The actions that the app had accepted before it was killed. */
  const sentActions: RequestedAction[] = []
  let isKilled = false
  async function requestAll(): Promise<void> {
    for (const requested of [...planned].sort(() => random() - 0.5)) {
      if (isKilled) return
      const { action, podId } = requested
      await (action === 'terminate' ? harness.confirmTerminate(podId) : harness.requestActions([requested]))
      sentActions.push(requested)
    }
  }
  const requesting = requestAll().catch(() => undefined)
  await pause(random() * KILL_WITHIN_MS)
  isKilled = true
  await harness.crashAndRestart()
  await requesting
  await harness.waitUntilSettled(planned.map(({ podId }) => podId))
  return {
    requested: sentActions.length,
    violations: planned.flatMap((requested) =>
      findViolations(harness, requested, sentActions.includes(requested)),
    ),
  }
}

function findViolations(
  harness: CrashHarness,
  { action, podId, answer }: RequestedAction,
  wasSent: boolean,
): readonly string[] {
  const states = harness.intentsOf(podId)
  const end = states.at(-1)?.phase
  const requests = harness.requests(action, podId)
  const others = actionsSent(harness.scene).filter((sent) => sent.endsWith(` ${podId}`)).length - requests
  const summary = `${action} of ${podId}, answered ${answer ?? 'with nothing'}: ${end ?? 'not on disk'}, asked ${requests}×`
  const check = (isWrong: boolean, what: string): string[] => (isWrong ? [`${summary}: ${what}`] : [])
  return [
    ...check(wasSent && end === undefined, 'lost'),
    ...check(requests > 0 && end === undefined, 'sent and not written down'),
    ...check(new Set(states.map(({ id }) => id)).size > 1, 'two intents'),
    ...check(requests > (answer === '429' ? 2 : 1), 'doubled'),
    ...check(others > 0, 'something else was done to it'),
    ...check(action === 'terminate' && requests > 0 && !harness.isConfirmed(podId), 'not confirmed'),
    ...check(harness.isDone(action, podId) !== (end === 'observed'), 'the end is not what is true'),
  ]
}

/** Mulberry32. The same seed gives the same numbers. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
