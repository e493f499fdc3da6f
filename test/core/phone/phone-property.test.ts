import { expect, test } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import type { PhoneVerb } from '../../../src/core/phone/offer/phone'
import { createPhoneScene, phonePod } from '../../harness/phone/phone-scene'
import { seededRandom } from '../../harness/phone/seeded-random'

/** What the scenario knows of a press: nothing of the code under test says it. */
interface Pressed {
  readonly offerId: string
  readonly verb: PhoneVerb
  readonly atMs: number
  readonly isByPerson: boolean
  /** The start of the pod when it was pressed. */
  readonly runMs: number | null
}

const LIVES = 60
const STEPS = 60

test('in any life a pod is stopped only by its person’s press of that run, which was fresh or confirmed, and once', async () => {
  for (let seed = 1; seed <= LIVES; seed += 1) await live(seed)
}, 20_000)

async function live(seed: number): Promise<void> {
  const { below, oneOf, chance } = seededRandom(seed)
  const scene = createPhoneScene()
  const { clock } = scene
  const presses: Pressed[] = []
  const offers: string[] = []
  let runMs = 1_000
  let hasSurvivors = true
  const survivesAt: { atMs: number; survives: boolean; runMs: number | null }[] = []
  const note = (): void => {
    survivesAt.push({
      atMs: clock.now().wallMs,
      survives: hasSurvivors,
      runMs: scene.pods[0]?.startedAtMs ?? null,
    })
  }
  const press = (
    offerId: string,
    verb: PhoneVerb,
    over: Record<string, unknown>,
    isByPerson: boolean,
  ): void => {
    presses.push({
      offerId,
      verb,
      atMs: clock.now().wallMs,
      isByPerson,
      runMs: scene.pods[0]?.startedAtMs ?? null,
    })
    scene.press(offerId, verb, over)
  }
  scene.start()
  for (let step = 0; step < STEPS; step += 1) {
    for (const { offerId } of scene.shown)
      if (offerId !== null && !offers.includes(offerId)) offers.push(offerId)
    const act = below(14)
    if (act === 0 && scene.pods.length > 0) offers.push(scene.alert())
    else if (act <= 3 && offers.length > 0)
      press(oneOf(offers), oneOf(['stop', 'stop', 'keep-4h', 'keep-morning', 'undo', 'dismiss']), {}, true)
    else if (act === 4 && offers.length > 0)
      press(oneOf(offers), 'stop', { from: { id: '8', name: 'Eve' } }, false)
    else if (act === 5 && offers.length > 0) press(oneOf(offers), 'stop', { isPrivate: false }, false)
    else if (act === 6) scene.text(oneOf(['/status', '/undo', 'stop', 'hello']))
    else if (act === 7) scene.waiting.push(...scene.waiting.slice(-1))
    else if (act === 8) scene.start()
    else if (act === 9) clock.shiftWallClock(oneOf([9 * 60, 3, 45]) * MINUTE_MS)
    else if (act === 10) scene.isOffline = chance(0.4)
    else if (act === 11) scene.losesReplies = chance(0.4)
    else if (act === 12) scene.canSave = chance(0.8)
    else if (chance(0.5)) {
      runMs += 1_000
      scene.pods = [phonePod({ startedAtMs: runMs })]
    } else {
      hasSurvivors = chance(0.7)
      const stopProblem = hasSurvivors ? null : 'nothing would survive'
      scene.pods = [phonePod({ startedAtMs: runMs, stopProblem })]
    }
    note()
    await clock.advanceAsync(oneOf([0, 1, 5, 70, 200]) * SECOND_MS)
    for (const { id, action } of scene.carriedOut)
      if (action === 'stop' && scene.intents.get(id)?.phase === 'scheduled' && chance(0.5))
        scene.intent(id, { phase: oneOf(['observed', 'failed', 'did-not-happen']) })
    for (const { id } of scene.state().offers) if (!offers.includes(id)) offers.push(id)
  }
  judge(seed, scene, presses, survivesAt)
  await everythingIsSaid(seed, scene)
}

function judge(
  seed: number,
  scene: ReturnType<typeof createPhoneScene>,
  presses: readonly Pressed[],
  survivesAt: readonly { atMs: number; survives: boolean; runMs: number | null }[],
): void {
  const stops = scene.carriedOut.filter(({ action }) => action === 'stop')
  const where = `seed ${seed}`
  expect(new Set(stops.map(({ id }) => id)).size, where).toBe(stops.length)
  for (const stop of stops) {
    const before = survivesAt.filter(({ atMs }) => atMs <= stop.doneAtMs).at(-1)
    expect(before?.survives, where).toBe(true)
    expect(before?.runMs, where).toBe(stop.podStartedAtMs)
    // A repeated save of a full disk may delay it, and no press is older than the two minutes that count as now.
    const causes = presses.filter(
      ({ verb, isByPerson, atMs, runMs }) =>
        verb === 'stop' &&
        isByPerson &&
        runMs === stop.podStartedAtMs &&
        stop.doneAtMs - atMs <= 2 * MINUTE_MS + SECOND_MS,
    )
    expect(causes.length, `${where}: a stop without a press`).toBeGreaterThan(0)
  }
  expect(stops.length, where).toBeLessThanOrEqual(
    new Set(
      presses.filter(({ verb, isByPerson }) => verb === 'stop' && isByPerson).map(({ offerId }) => offerId),
    ).size,
  )
}

/** Once all is well again, everything that was carried out has been answered. */
async function everythingIsSaid(seed: number, scene: ReturnType<typeof createPhoneScene>): Promise<void> {
  Object.assign(scene, { isOffline: false, losesReplies: false, canSave: true, losesSays: false })
  for (const [id, { phase }] of scene.intents)
    if (phase === 'scheduled') scene.intent(id, { phase: 'observed' })
  scene.start()
  await scene.clock.advanceAsync(10 * MINUTE_MS)
  const state = scene.state()
  expect(state.says, `seed ${seed}`).toEqual([])
  expect(
    state.commands.filter(({ phase }) => phase === 'asked' || phase === 'under-way'),
    `seed ${seed}`,
  ).toEqual([])
  expect(scene.waiting, `seed ${seed}`).toEqual([])
}
