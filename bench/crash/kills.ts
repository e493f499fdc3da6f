import type { IntentAction } from '../../src/core/intents/intent'
import { actionsSent } from '../../test/harness/app/scene'
import { type CrashRig, openCrashRig } from '../../test/harness/app/crash-rig'
import { type Answer, cellsOf, faultOf, podOf } from '../../test/harness/app/crash-cells'
import { pause } from '../../test/harness/app/waiting'
import type { Figure } from '../figure'

const ROUNDS = 25
const ACTIONS: readonly IntentAction[] = ['stop', 'start', 'restart', 'terminate']
/** The plug is pulled within this time after the first action was asked for: undo times, requests and answers lie in it. */
const WITHIN_MS = 4_000

/** The real app, killed at any moment at all while actions are asked for, with any answers; what is wrong after the restart. */
export async function killFigures(): Promise<readonly Figure[]> {
  const seed = Number(process.env['PODKEEPER_SEED'] ?? Date.now() % 100_000)
  const random = randomOf(seed)
  const rig = await openCrashRig()
  const wrongs: string[] = []
  let asked = 0
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const found = await killOnce(rig, round, random)
      asked += found.asked
      wrongs.push(...found.wrongs)
      for (const wrong of found.wrongs) console.error(`Seed ${seed}, kill ${round}: ${wrong}`)
    }
  } finally {
    await rig.close()
  }
  console.log(`Seed ${seed}: ${asked} actions, ${ROUNDS} kills.`)
  return [
    {
      group: 'crash',
      name: `actions lost, doubled or not confirmed, ${ROUNDS} kills`,
      unit: '',
      value: wrongs.length,
      spread: null,
      baseline: null,
      beside: null,
      goal: { kind: 'value', atMost: 0 },
    },
  ]
}

interface Asked {
  readonly action: IntentAction
  readonly podId: string
  readonly answer: Answer | null
}

async function killOnce(
  rig: CrashRig,
  round: number,
  random: () => number,
): Promise<{ readonly asked: number; readonly wrongs: readonly string[] }> {
  const { scene } = rig
  scene.runpod.clearFaults()
  const planned = ACTIONS.flatMap((action) =>
    [0, 1, 2].map((index): Asked => {
      const answered = cellsOf(action).filter(({ step }) => step === 'answered')
      // A 429 holds back whatever comes after it; it is rare, so that the others are seen as well.
      const cell = answered[Math.floor(random() * answered.length)]
      const answer = cell?.answer === '429' && random() < 0.7 ? '200' : (cell?.answer ?? null)
      return { action, podId: `k${round}-${action}-${index}`, answer }
    }),
  )
  for (const { action, podId, answer } of planned) {
    scene.runpod.addPod(podOf({ action, podId }))
    const fault = faultOf({ action, podId, answer, step: 'answered', end: 'observed', requests: 0 })
    if (fault !== null) scene.runpod.fault(fault)
  }
  await rig.showsPods(planned.map(({ podId }) => podId))

  /** What the app took on before the plug was pulled. */
  const taken: Asked[] = []
  let isPulled = false
  async function askAll(): Promise<void> {
    for (const asked of [...planned].sort(() => random() - 0.5)) {
      if (isPulled) return
      const { action, podId } = asked
      await (action === 'terminate' ? rig.confirmTerminate(podId) : rig.ask(action, podId))
      taken.push(asked)
    }
  }
  const asking = askAll().catch(() => undefined)
  await pause(random() * WITHIN_MS)
  isPulled = true
  await rig.crashAndRestart()
  await asking
  await rig.settled(planned.map(({ podId }) => podId))
  return {
    asked: taken.length,
    wrongs: planned.flatMap((asked) => wrongsOf(rig, asked, taken.includes(asked))),
  }
}

function wrongsOf(rig: CrashRig, { action, podId, answer }: Asked, isTaken: boolean): readonly string[] {
  const states = rig.intentsOf(podId)
  const end = states.at(-1)?.phase
  const requests = rig.requests(action, podId)
  const others = actionsSent(rig.scene).filter((sent) => sent.endsWith(` ${podId}`)).length - requests
  const said = `${action} of ${podId}, answered ${answer ?? 'with nothing'}: ${end ?? 'not on disk'}, asked ${requests}×`
  const wrong = (isWrong: boolean, what: string): string[] => (isWrong ? [`${said}: ${what}`] : [])
  return [
    ...wrong(isTaken && end === undefined, 'lost'),
    ...wrong(requests > 0 && end === undefined, 'sent and not written down'),
    ...wrong(new Set(states.map(({ id }) => id)).size > 1, 'two intents'),
    ...wrong(requests > (answer === '429' ? 2 : 1), 'doubled'),
    ...wrong(others > 0, 'something else was done to it'),
    ...wrong(action === 'terminate' && requests > 0 && !rig.isConfirmed(podId), 'not confirmed'),
    ...wrong(rig.isDone(action, podId) !== (end === 'observed'), 'the end is not what is true'),
  ]
}

/** The same numbers for the same seed. Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
