import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { prepareButtons } from '../../../src/node/channels/pair-channel'
import { NTFY_TOKEN, startNtfyTopics } from '../../harness/phone/ntfy-server'
import { createPhoneHost } from '../../harness/phone/phone-host'

interface Shown {
  readonly text: string
  /** By label: what a press sends where. */
  readonly actions: Readonly<Record<string, { readonly url: string; readonly body: string }>>
}

/** A program whose ntfy channel offers buttons. */
async function openScene(isOpenToAll: boolean, token: string | null = NTFY_TOKEN) {
  const ntfy = await startNtfyTopics(isOpenToAll)
  const scene = createPhoneHost()
  const channelId = await scene.addChannel('ntfy', { address: `${ntfy.origin}/alerts`, token })
  const prepared = await prepareButtons(channelId, scene)
  if (!prepared.ok) throw new Error(prepared.error)
  await prepared.value.save()
  const shown = (): readonly Shown[] =>
    ntfy.published.map(({ title, message, actions = [] }) => ({
      text: `${String(title)} ${String(message)}`,
      actions: Object.fromEntries(
        (actions as { action: string; label: string; url: string; body: string }[])
          .filter(({ action }) => action === 'http')
          .map((one) => [one.label, one]),
      ),
    }))
  return {
    ...scene,
    ntfy,
    mayStop: prepared.value.mayStop,
    replyTopic: prepared.value.replyTopic,
    /** As the app of ntfy does it: without any token. */
    async press(shownIn: Shown, label: string): Promise<number> {
      const { url, body } = shownIn.actions[label] ?? { url: '', body: '' }
      return (await fetch(url, { method: 'POST', body })).status
    },
    message: (text: RegExp, stepMs = 1_000) =>
      scene.until(String(text), () => shown().find((one) => text.test(one.text)), stepMs),
    listening: () => scene.until('the stream', () => ntfy.streamCount() > 0),
  }
}

test('where everyone can read the topic, the buttons keep the pod running, and none stops it', async () => {
  const scene = await openScene(true)
  expect(scene.mayStop).toBe(false)
  await scene.start()
  const alert = await scene.message(/llama has been idle/, 5_000)
  expect(Object.keys(alert.actions)).toEqual(['Keep 4 h', 'Keep until tomorrow'])
  await scene.listening()
  // Somebody else knows the topic of the buttons, and what such a press looks like.
  const offerId = (alert.actions['Keep 4 h']?.body ?? '').split(':')[0]
  for (const foreign of [`${offerId}:stop`, 'guess:stop', 'guess:keep-4h', `${offerId}:terminate`, 'hello'])
    scene.ntfy.publish(scene.replyTopic, foreign)
  await scene.pass(2 * MINUTE_MS)
  scene.expectNoStop()
  expect(scene.monitor().snapshot().pods[0]?.guard.keepOn).toBeNull()

  expect(await scene.press(alert, 'Keep 4 h')).toBe(200)
  await scene.message(/llama is kept running until/)
  expect(scene.monitor().snapshot().pods[0]?.guard.keepOn).not.toBeNull()
  expect(scene.log()).toContain('ntfy pressed Keep 4 h for llama.')
})

test('where the topic is refused without a token, a press stops the pod after 60 s, and the reply says what was seen', async () => {
  const scene = await openScene(false)
  expect(scene.mayStop).toBe(true)
  await scene.start()
  const alert = await scene.message(/llama has been idle/, 5_000)
  expect(Object.keys(alert.actions)).toContain('Stop')
  await scene.listening()
  expect(await scene.press(alert, 'Stop')).toBe(200)
  const reply = await scene.message(/llama will be stopped in 60 s/)
  expect(Object.keys(reply.actions)).toEqual(['Undo'])
  scene.expectNoStop()
  // It waits at the server, and comes with each stream that is opened anew.
  await scene.press(alert, 'Stop')
  await scene.message(/llama stopped, seen at/)
  expect(scene.stops()).toBe(1)
})

test('a press that waited for nine hours asks again', async () => {
  const scene = await openScene(false)
  await scene.start()
  const alert = await scene.message(/llama has been idle/, 5_000)
  await scene.listening()
  scene.end()
  await scene.until('the end of the stream', () => scene.ntfy.streamCount() === 0)
  scene.ntfy.publish(scene.replyTopic, alert.actions['Stop']?.body ?? '', (9 * HOUR_MS) / 1_000)
  await scene.restart(9 * HOUR_MS)
  const question = await scene.message(/You pressed Stop while I was away/)
  await scene.pass(2 * MINUTE_MS)
  scene.expectNoStop()
  await scene.press(question, 'Stop now')
  await scene.message(/llama stopped, seen at/)
})

test('without a token no stop is offered, and while the server doesn’t say whether one is needed nothing is listened to', async () => {
  const scene = await openScene(false, null)
  expect(scene.mayStop).toBe(false)
  const later = await openScene(false)
  later.ntfy.status = 503
  await later.start()
  const status = () => later.host().channels.view().channels[0]?.phoneStatus
  await later.pass(MINUTE_MS)
  expect([status(), later.ntfy.streamCount()]).toEqual([{ failure: null, mayStop: null }, 0])
  later.ntfy.status = null
  await later.until('the answer', () => status()?.mayStop === true, 5_000)
})
