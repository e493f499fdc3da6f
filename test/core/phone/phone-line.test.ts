import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { createPhoneScene, phonePod } from '../../harness/phone/phone-scene'

/** A scene whose first poll is over, so that what arrives is of now. */
async function present() {
  const scene = createPhoneScene()
  scene.start()
  await scene.clock.advanceAsync(60 * SECOND_MS)
  return scene
}

test('a press of Stop stops the pod after 60 s for an undo, and the reply says what was observed', async () => {
  const scene = await present()
  scene.press(scene.alert(), 'stop')
  await scene.clock.advanceAsync(SECOND_MS)
  expect(scene.carriedOut).toMatchObject([{ action: 'stop', podId: 'llama', person: 'telegram: Anna' }])
  expect(scene.shown.at(-1)).toMatchObject({ text: 'llama will be stopped in 60 s.', buttons: ['undo'] })
  expect(scene.log.map(({ text }) => text)).toEqual(['telegram: Anna pressed Stop for llama.'])
  const { id } = scene.carriedOut[0]!
  scene.intent(id, { phase: 'accepted' })
  await scene.clock.advanceAsync(5 * SECOND_MS)
  expect(scene.shown).toHaveLength(1)
  scene.intent(id, { phase: 'observed' })
  await scene.clock.advanceAsync(2 * SECOND_MS)
  expect(scene.shown.at(-1)?.text).toMatch(/^llama stopped, seen at /)
})

test('a stop that was refused, or not seen in time, is said as such, and one that is seen later is corrected', async () => {
  const scene = await present()
  scene.press(scene.alert(), 'stop')
  await scene.clock.advanceAsync(SECOND_MS)
  const { id } = scene.carriedOut[0]!
  scene.intent(id, { phase: 'sent', sentAt: scene.clock.now() })
  await scene.clock.advanceAsync(120 * SECOND_MS)
  scene.intent(id, { phase: 'did-not-happen' })
  await scene.clock.advanceAsync(2 * SECOND_MS)
  expect(scene.texts().at(-1)).toBe(
    'llama is still running 120 s after the stop was sent. I’ll say if it stops later.',
  )
  scene.intent(id, { phase: 'observed' })
  await scene.clock.advanceAsync(2 * SECOND_MS)
  expect(scene.texts().at(-1)).toMatch(/^llama stopped after all/)

  scene.pods = [phonePod({ podId: 'other', name: 'other' })]
  scene.currentAlerts.add('other')
  scene.press(scene.alert(scene.pods[0]), 'stop')
  await scene.clock.advanceAsync(SECOND_MS)
  scene.intent(scene.carriedOut[1]!.id, { phase: 'failed', message: 'Runpod said forbidden.' })
  await scene.clock.advanceAsync(2 * SECOND_MS)
  expect(scene.texts().at(-1)).toBe(
    'The stop of other failed. Runpod said forbidden. Look at it in Podkeeper.',
  )
})

test('Undo within 60 s takes the stop back, by its button or by a message; later it says that it is too late', async () => {
  const scene = await present()
  scene.press(scene.alert(), 'stop')
  await scene.clock.advanceAsync(30 * SECOND_MS)
  scene.text('/undo')
  await scene.clock.advanceAsync(2 * SECOND_MS)
  expect(scene.undone).toEqual([scene.carriedOut[0]!.id])
  expect(scene.texts().at(-1)).toBe('Undone. llama is not stopped.')
  scene.text('/undo')
  await scene.clock.advanceAsync(SECOND_MS)
  expect(scene.texts().at(-1)).toBe('There is nothing to undo.')

  // What isn't known is not said to be none.
  scene.pods = []
  scene.problem = 'The pods can’t be read now.'
  scene.text('status')
  await scene.clock.advanceAsync(SECOND_MS)
  expect(scene.texts().at(-1)).toBe('The pods can’t be read now.')
  scene.problem = null
  scene.pods = [phonePod()]

  scene.text('status')
  await scene.clock.advanceAsync(SECOND_MS)
  scene.press(scene.lastOffer(), 'stop')
  await scene.clock.advanceAsync(70 * SECOND_MS)
  scene.press(scene.lastOffer(), 'undo')
  await scene.clock.advanceAsync(SECOND_MS)
  expect(scene.texts().at(-1)).toBe('It is too late to undo that.')
  expect(scene.undone).toHaveLength(1)
})

test('buttons work once, also when the update comes twice, and after a restart', async () => {
  const scene = await present()
  const offer = scene.alert()
  scene.press(offer, 'keep-4h')
  await scene.clock.advanceAsync(SECOND_MS)
  scene.press(offer, 'stop')
  scene.press(offer, 'keep-4h', { id: '101' })
  await scene.clock.advanceAsync(SECOND_MS)
  scene.start()
  scene.press(offer, 'stop')
  await scene.clock.advanceAsync(60 * SECOND_MS)
  expect(scene.carriedOut.map(({ action }) => action)).toEqual(['keep-4h'])
  expect(scene.answers).toContain('This was answered already.')
})

test.each([
  ['the first poll after a start', async (scene: ReturnType<typeof createPhoneScene>) => scene.start()],
  ['a sleep', async (scene: ReturnType<typeof createPhoneScene>) => scene.clock.shiftWallClock(9 * HOUR_MS)],
  [
    'two minutes offline',
    async (scene: ReturnType<typeof createPhoneScene>) => {
      scene.isOffline = true
      await scene.clock.advanceAsync(4 * MINUTE_MS)
      scene.isOffline = false
    },
  ],
])('a press that arrives after %s is asked about again', async (_what, happens) => {
  const scene = await present()
  const offer = scene.alert()
  scene.isOffline = true
  scene.press(offer, 'stop')
  await scene.clock.advanceAsync(SECOND_MS)
  scene.isOffline = false
  await happens(scene)
  await scene.clock.advanceAsync(2 * MINUTE_MS)
  expect(scene.carriedOut).toEqual([])
  expect(scene.shown.at(-1)).toMatchObject({
    text: 'You pressed Stop while I was away. llama is idle for 22 min now. Stop llama now?',
    buttons: ['stop', 'dismiss'],
  })
  scene.press(scene.lastOffer(), 'stop')
  await scene.clock.advanceAsync(SECOND_MS)
  expect(scene.carriedOut).toMatchObject([{ action: 'stop' }])
})

test('what waited in several polls is all asked about again', async () => {
  const scene = await present()
  scene.pods = Array.from({ length: 5 }, (_each, at) => phonePod({ podId: `p${at}`, name: `p${at}` }))
  const offers = scene.pods.map((pod) => scene.alert(pod))
  scene.line!.stop()
  for (const offer of offers) scene.press(offer, 'stop')
  scene.start()
  await scene.clock.advanceAsync(MINUTE_MS)
  expect(scene.carriedOut).toEqual([])
  expect(scene.shown).toHaveLength(5)
})

test('nobody else can press, write or undo, and the activity log counts them once an hour', async () => {
  const scene = await present()
  const offer = scene.alert()
  for (const over of [{ from: { id: '8', name: 'Eve' } }, { isPrivate: false }]) {
    scene.press(offer, 'stop', over)
    scene.text('/status', over)
    scene.text('/undo', over)
    await scene.clock.advanceAsync(SECOND_MS)
  }
  scene.send({ kind: 'other' })
  await scene.clock.advanceAsync(SECOND_MS)
  expect([scene.carriedOut, scene.shown, scene.answers]).toEqual([[], [], []])
  expect(scene.log).toHaveLength(1)
  await scene.clock.advanceAsync(HOUR_MS)
  scene.text('/status', { from: { id: '8', name: 'Eve' } })
  await scene.clock.advanceAsync(SECOND_MS)
  expect(scene.log.map(({ text }) => text)).toEqual([
    'Telegram: 1 message was ignored, because they came from nobody that Podkeeper listens to.',
    expect.stringMatching(/^Telegram: [67] messages were ignored/),
  ])
})

test('a pod of another run, one that is off, one that keeps nothing, and one that can’t be read are not stopped', async () => {
  const scene = await present()
  const offer = scene.alert()
  scene.problem = 'The pods can’t be read now.'
  scene.press(offer, 'stop')
  await scene.clock.advanceAsync(SECOND_MS)
  expect(scene.answers.at(-1)).toBe('The pods can’t be read now. Nothing was done.')
  scene.problem = null
  scene.pods = [phonePod({ startedAtMs: 2_000 })]
  scene.press(offer, 'stop')
  await scene.clock.advanceAsync(SECOND_MS)
  expect(scene.texts().at(-1)).toMatch(/^llama was started again since that message/)

  scene.press(scene.alert(), 'stop')
  scene.pods = [phonePod({ startedAtMs: 2_000, stopProblem: 'none of its data would survive' })]
  await scene.clock.advanceAsync(SECOND_MS)
  expect(scene.texts().at(-1)).toMatch(/was not stopped, since none of its data would survive/)
  scene.pods = [phonePod({ startedAtMs: 3_000, isRunning: false })]
  scene.press(scene.alert(), 'stop')
  await scene.clock.advanceAsync(SECOND_MS)
  expect(scene.texts().at(-1)).toBe('llama isn’t running, so nothing was done.')
  scene.pods = []
  expect(scene.carriedOut).toEqual([])
})

test('a stop whose alert no longer applies is asked about, and a hold is not', async () => {
  const scene = await present()
  scene.currentAlerts.clear()
  scene.press(scene.alert(), 'stop')
  await scene.clock.advanceAsync(SECOND_MS)
  expect(scene.carriedOut).toEqual([])
  expect(scene.texts().at(-1)).toMatch(/^That alert no longer applies: .* Stop llama now\?$/)
  scene.press(scene.lastOffer(), 'dismiss')
  await scene.clock.advanceAsync(SECOND_MS)
  expect(scene.texts().at(-1)).toBe('Nothing was done to llama.')
  scene.pods = [phonePod({ startedAtMs: 5_000 })]
  scene.press(scene.alert(), 'keep-4h')
  await scene.clock.advanceAsync(SECOND_MS)
  expect(scene.carriedOut).toMatchObject([{ action: 'keep-4h' }])
})

test('a longer hold is neither shortened nor taken back', async () => {
  const scene = await present()
  scene.pods = [phonePod({ keptUntilMs: Number.POSITIVE_INFINITY })]
  scene.press(scene.alert(), 'keep-4h')
  await scene.clock.advanceAsync(SECOND_MS)
  expect(scene.carriedOut).toEqual([])
  expect(scene.texts().at(-1)).toMatch(/until you cancel that in Podkeeper. Nothing was changed/)
  scene.pods = [phonePod({ startedAtMs: 2_000, keptUntilMs: scene.clock.now().wallMs + HOUR_MS })]
  scene.press(scene.alert(), 'keep-4h')
  await scene.clock.advanceAsync(SECOND_MS)
  expect(scene.carriedOut).toHaveLength(1)
  expect(scene.shown.at(-1)?.buttons).toEqual([])
})

test('a command that a crash interrupted is asked about, and a stop that was scheduled is followed', async () => {
  const scene = await present()
  scene.press(scene.alert(), 'stop')
  await scene.clock.advanceAsync(SECOND_MS)
  const { commands } = scene.state()
  scene.save({ ...scene.state(), commands: commands.map((one) => ({ ...one, phase: 'asked' as const })) })
  scene.start()
  scene.intent(commands[0]!.id, { phase: 'observed' })
  await scene.clock.advanceAsync(5 * SECOND_MS)
  expect(scene.texts().at(-1)).toMatch(/^llama stopped, seen at/)
  expect(scene.carriedOut).toHaveLength(1)

  scene.save({ ...scene.state(), commands: [{ ...commands[0]!, id: 'never', phase: 'asked' }] })
  scene.start()
  await scene.clock.advanceAsync(5 * SECOND_MS)
  expect(scene.texts().at(-1)).toBe(
    'Podkeeper ended before it could do that, so nothing was done. Stop llama now?',
  )
  expect(scene.carriedOut).toHaveLength(1)
})

test('nothing is done while it can’t be written down, and it is done once it can', async () => {
  const scene = await present()
  const offer = scene.alert()
  scene.canSave = false
  scene.press(offer, 'keep-4h')
  await scene.clock.advanceAsync(5 * SECOND_MS)
  expect(scene.carriedOut).toEqual([])
  scene.canSave = true
  await scene.clock.advanceAsync(2 * MINUTE_MS)
  expect(scene.carriedOut.length + scene.shown.length).toBeGreaterThan(0)
})

test('what is said is tried until it is taken, and dropped after an hour', async () => {
  const scene = await present()
  scene.press(scene.alert(), 'keep-4h')
  scene.losesSays = true
  await scene.clock.advanceAsync(10 * SECOND_MS)
  expect(scene.shown.length).toBeGreaterThan(1)
  scene.losesSays = false
  await scene.clock.advanceAsync(MINUTE_MS)
  expect(scene.state().says).toEqual([])
})
