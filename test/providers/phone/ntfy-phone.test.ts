import { expect, test } from 'vitest'
import { createNtfyPhone, areTopicsProtected } from '../../../src/providers/phone/ntfy-phone'
import { createPhoneRequests } from '../../../src/providers/phone/phone-request'
import { NTFY_TOKEN, startNtfyTopics } from '../../harness/phone/ntfy-server'
import { phoneOffer, phoneSay } from '../../harness/phone/phone-offer'

const send = createPhoneRequests({ version: '1.0', proxyEnvironment: {} })

/** `pollMs`: longer than any test, so that only what arrives ends a poll. */
async function scene({ isOpenToAll = false, token = NTFY_TOKEN as string | null, pollMs = 60_000 } = {}) {
  const ntfy = await startNtfyTopics(isOpenToAll)
  const topic = { origin: ntfy.origin, topic: 'alerts', replyTopic: 'alerts-answers', token }
  const phone = createNtfyPhone(send, topic, { pollMs })
  return { ntfy, topic, phone, poll: async (cursor: string | null) => await phone.poll(cursor).outcome }
}

test('presses arrive with their age, by the clock of the server, and come again until the cursor is past them', async () => {
  const { ntfy, phone, poll } = await scene()
  ntfy.clockAheadS = 86_400
  ntfy.publish('alerts-answers', 'offer-1:stop', 9 * 3_600)
  const first = await poll(null)
  expect(first).toMatchObject({
    ok: true,
    cursor: 'm1',
    isFull: false,
    updates: [{ id: 'm1', kind: 'press', offerId: 'offer-1', verb: 'stop', from: null, callbackId: null }],
  })
  const [old] = first.ok ? first.updates : []
  const nineHoursMs = 9 * 3_600_000
  expect(old?.kind === 'press' && (old.agoMs ?? 0) >= nineHoursMs).toBe(true)
  expect(await poll(null)).toMatchObject({ updates: [{ id: 'm1' }] })
  // One that is pressed while the stream is open ends the wait.
  const open = phone.poll('m1')
  await expect.poll(ntfy.streamCount).toBe(1)
  const id = ntfy.publish('alerts-answers', 'offer-1:keep-4h')
  const second = await open.outcome
  expect(second).toMatchObject({ ok: true, cursor: id, updates: [{ id, verb: 'keep-4h' }] })
  const [fresh] = second.ok ? second.updates : []
  expect(fresh?.kind === 'press' && (fresh.agoMs ?? Infinity) < 10_000).toBe(true)
})

test('a stream without presses ends by itself, and none of what else is on it is a press', async () => {
  const { ntfy, poll } = await scene({ pollMs: 1_500 })
  expect(await poll(null)).toEqual({ ok: true, updates: [], cursor: null, isFull: false })
  ntfy.publish('alerts-answers', 'hello')
  ntfy.publish('alerts-answers', 'offer-1:terminate')
  const last = ntfy.publish('alerts-answers', '{"event":"message"}\noffer-1:stop')
  ntfy.publish('other', 'offer-1:stop')
  expect(await poll(null)).toMatchObject({
    ok: true,
    cursor: last,
    updates: [{ kind: 'other' }, { kind: 'other' }, { kind: 'other' }],
  })
})

test('a message goes out with buttons that publish what was pressed', async () => {
  const { ntfy, phone } = await scene()
  expect(await phone.say(phoneSay(), phoneOffer({ buttons: ['keep-4h'] }))).toBe('accepted')
  expect(ntfy.published).toMatchObject([
    {
      topic: 'alerts',
      message: 'llama is idle.',
      actions: [
        {
          action: 'http',
          label: 'Keep 4 h',
          url: `${ntfy.origin}/alerts-answers`,
          method: 'POST',
          body: 'offer-1:keep-4h',
        },
      ],
    },
  ])
  // The token that reads and writes both topics stays here.
  expect(JSON.stringify(ntfy.published)).not.toContain(NTFY_TOKEN)
  for (const [status, outcome] of [
    [400, 'rejected'],
    [413, 'rejected'],
    [429, 'failed'],
    [502, 'failed'],
  ] as const) {
    ntfy.status = status
    expect(await phone.say(phoneSay(), null)).toBe(outcome)
  }
})

test('a topic counts as protected only where the server refuses those without a token', async () => {
  const closed = await scene()
  expect(await areTopicsProtected(send, closed.topic)).toBe(true)
  expect(await areTopicsProtected(send, { ...closed.topic, token: null })).toBe(false)
  // Something else refuses: it isn't known what the server does.
  closed.ntfy.status = 403
  expect(await areTopicsProtected(send, closed.topic)).toBe(false)
  const open = await scene({ isOpenToAll: true })
  expect(await areTopicsProtected(send, open.topic)).toBe(false)
})

test('a failure says whether a person has to help', async () => {
  const { ntfy, poll } = await scene({ token: 'tk_wrong' })
  expect(await poll(null)).toMatchObject({ ok: false, isBroken: true })
  for (const status of [429, 500, 503]) {
    ntfy.status = status
    expect(await poll(null)).toMatchObject({ ok: false, isBroken: false })
  }
})
