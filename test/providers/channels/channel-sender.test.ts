import { afterEach, describe, expect, test } from 'vitest'
import type { ChannelKind } from '../../../src/core/channels/channel'
import type { MessageBatch } from '../../../src/core/channels/messages/message-content'
import { createAddressSender } from '../../../src/providers/channels/send-to-address'
import { startDiscord, startNtfy, startSlack, startWebhook } from '../../harness/channels/services'
import type { ReceivingServer } from '../../harness/channels/receiving-server'
import { freePort } from '../../harness/base/free-port'
import { type ScriptedReply, startHttpServer, text } from '../../harness/http/http-server'
import { outgoingAlert } from '../../harness/samples/outgoing-alerts'
import { startSelfSignedServer } from '../../harness/http/self-signed-server'

const open: { close(): Promise<void> }[] = []
afterEach(async () => void (await Promise.all(open.splice(0).map((server) => server.close()))))
const opened = async <S extends { close(): Promise<void> }>(server: Promise<S>): Promise<S> => {
  open.push(await server)
  return server
}

const now = () => ({ wallMs: Date.now(), monotonicMs: performance.now(), runId: 'test' })
const send = createAddressSender({ version: '1.0', proxyEnvironment: {}, now })
const sendHastily = createAddressSender({ version: '1.0', proxyEnvironment: {}, now, timeoutMs: 300 })
const alert = outgoingAlert({ title: 'llama <3 & @everyone', createdAt: now() })
const batch: MessageBatch = { isPlain: false, alerts: [{ alert, isOver: false, resolvedAtMs: null }] }
const sendTo = (kind: ChannelKind, address: string, token: string | null = null, what = batch) =>
  send({ kind, name: 'Phone' }, { address, token }, what)

describe('a message', () => {
  test.each([
    ['ntfy', startNtfy, '/my-topic'],
    ['slack', startSlack, '/services/T0/B0/XXXX'],
    ['discord', startDiscord, '/api/webhooks/1/token'],
    ['webhook', startWebhook, '/hook?team=a'],
  ] as const)('is accepted by %s, and says there what the alert says', async (kind, start, path) => {
    const server = await opened(start())
    expect(await sendTo(kind, `${server.origin}${path}`)).toMatchObject({ kind: 'accepted' })
    expect(server.received.map((seen) => seen.text)).toEqual([
      expect.stringContaining('llama <3 & @everyone') as string,
    ])
  })

  test('takes its token along, and to no other kind of service', async () => {
    const ntfy = await opened(startNtfy())
    expect(await sendTo('ntfy', `${ntfy.origin}/secret`)).toMatchObject({
      kind: 'failed',
      isBroken: true,
      answer: expect.stringMatching(/HTTP 403: forbidden\.$/) as string,
    })
    expect(await sendTo('ntfy', `${ntfy.origin}/secret`, 'tk_right')).toMatchObject({ kind: 'accepted' })
    expect(await sendTo('ntfy', `${ntfy.origin}/secret`, 'tk_wrong')).toMatchObject({ isBroken: true })
    const slack = await startHttpServer(text('ok'))
    open.push(slack)
    await sendTo('slack', `${slack.origin}/services/x`, 'tk_right')
    expect(slack.requests[0]?.headers.authorization).toBeUndefined()
  })
})

describe('a service that is busy', () => {
  test.each([
    ['slack', startSlack, '/services/T0/B0/XXXX', 1_000],
    ['discord', startDiscord, '/api/webhooks/1/token', 1_000],
    ['ntfy', startNtfy, '/my-topic', 0],
    ['webhook', startWebhook, '/', 1_000],
  ] as const)('of kind %s says how long to wait', async (kind, start, path, waitMs) => {
    const server = await opened(start({ burst: 1, perSecond: 1, nowMs: () => 0 }))
    await sendTo(kind, `${server.origin}${path}`)
    const outcome = await sendTo(kind, `${server.origin}${path}`)
    expect(outcome).toMatchObject({ kind: 'failed', isBroken: false, retryAfterMs: waitMs })
  })

  test('is believed where only the reply of Discord says it', async () => {
    const server = await opened(
      startHttpServer(text(JSON.stringify({ message: 'Slow down', retry_after: 1.25 }), { status: 429 })),
    )
    expect(await sendTo('discord', `${server.origin}/api/webhooks/1/t`)).toMatchObject({
      retryAfterMs: 1_250,
    })
  })
})

describe('a reply', () => {
  const replyTo = async (kind: ChannelKind, path: string, reply: ScriptedReply) =>
    sendTo(kind, `${(await opened(startHttpServer(reply))).origin}${path}`)
  const page = text('<html>Sign in to the hotel</html>', { headers: { 'content-type': 'text/html' } })

  test.each([
    ['ntfy', '/topic'],
    ['slack', '/services/x'],
    ['discord', '/api/webhooks/1/t'],
    ['webhook', '/'],
  ] as const)('that is not that of the service is no acceptance by %s', async (kind, path) => {
    expect(await replyTo(kind, path, page)).toMatchObject({ kind: 'failed', isBroken: true })
  })

  test.each([
    [400, 'rejected'],
    [413, 'rejected'],
    [401, 'failed'],
    [404, 'failed'],
    [410, 'failed'],
    [500, 'failed'],
    [503, 'failed'],
  ])('with status %i means %s', async (status, kind) => {
    const outcome = await replyTo('slack', '/services/x', text('no_service', { status }))
    expect(outcome).toMatchObject({
      kind,
      answer: expect.stringContaining(`HTTP ${status}: no_service`) as string,
    })
    if (outcome.kind === 'failed') expect(outcome.isBroken).toBe(status < 500)
  })

  test('that redirects is not followed, so that no token goes elsewhere', async () => {
    const elsewhere = await opened(startHttpServer(text('ok')))
    const headers = { location: `${elsewhere.origin}/services/x` }
    for (const status of [301, 302, 303, 307, 308]) {
      const server = await opened(startHttpServer(text('', { status, headers })))
      const outcome = await sendTo('webhook', `${server.origin}/`, 'tk_right')
      expect(outcome).toMatchObject({ kind: 'failed', isBroken: true })
    }
    expect(elsewhere.requests).toEqual([])
  })

  test('that never comes, breaks off or never ends is a failure within the time limit', async () => {
    for (const reply of [
      { kind: 'hang' },
      { kind: 'reset' },
      { kind: 'stall', body: '{"id":"a"}' },
    ] as const) {
      const server = await opened(startHttpServer(reply))
      const outcome = await sendHastily(
        { kind: 'ntfy', name: 'Phone' },
        { address: `${server.origin}/topic`, token: null },
        batch,
      )
      expect(outcome).toMatchObject({ kind: 'failed', isBroken: false })
    }
    const endless = await opened(startHttpServer({ kind: 'endless', chunk: 'x'.repeat(10_000) }))
    expect(await sendTo('ntfy', `${endless.origin}/topic`)).toMatchObject({ kind: 'failed' })
    expect(endless.sentBytes()).toBeLessThan(32 * 1_024 * 1_024)
  })

  test('repeats neither address nor token in what it says', async () => {
    const outcome = await replyTo(
      'webhook',
      '/hook/SECRETPATH',
      text('no /hook/SECRETPATH for you, nor \u001b[31mred\u202e', { status: 404 }),
    )
    expect(outcome.answer).not.toMatch(/SECRETPATH|\p{Cc}|\u202e/u)
    const ntfy = await opened(
      startHttpServer(text('{"error":"bad topicname for tk_verysecret"}', { status: 403 })),
    )
    const { answer } = await sendTo('ntfy', `${ntfy.origin}/topicname`, 'tk_verysecret')
    expect(answer).not.toMatch(/topicname|verysecret/)
  })
})

describe('an address', () => {
  test.each([
    ['ntfy', 'http://ntfy.example/topic'],
    ['ntfy', 'https://ntfy.sh/'],
    ['ntfy', 'https://ntfy.sh/a/b'],
    ['ntfy', 'https://user:pass@ntfy.sh/topic'],
    ['ntfy', 'ftp://ntfy.sh/topic'],
    ['slack', 'https://hooks.slack.com/'],
    ['slack', 'http://hooks.slack.com/services/x'],
    ['discord', 'https://discord.com/channels/1/2'],
    ['webhook', 'http://10.0.0.1/hook'],
    ['webhook', 'http://127.0.0.1.evil.example/'],
    ['webhook', 'javascript:alert(1)'],
  ] as const)('of %s such as %s is refused before anything is sent', async (kind, address) => {
    const outcome = await sendTo(kind, address)
    expect(outcome).toMatchObject({ kind: 'failed', isBroken: true })
    expect(outcome.answer).toMatch(/^Nothing was sent: /)
  })

  test('with a certificate that nobody signed gets no token', async () => {
    const server = await opened(startSelfSignedServer())
    expect(await sendTo('webhook', `${server.origin}/`, 'tk_right')).toMatchObject({
      answer: expect.stringContaining('certificate') as string,
    })
    expect(server.requests).toEqual([])
  })

  test('where nobody listens is a failure that says so', async () => {
    expect(await sendTo('webhook', `http://127.0.0.1:${await freePort()}`)).toMatchObject({
      kind: 'failed',
      isBroken: false,
      answer: expect.stringContaining('refused') as string,
    })
  })
})

const hostile = [
  '<!channel> <@U1> &amp;',
  '@everyone @here <@1> **x** `y`',
  '"\\\n\u0000',
  '💩'.repeat(2_000),
  'x'.repeat(9_000),
]
test.each([
  ['ntfy', startNtfy, '/my-topic'],
  ['slack', startSlack, '/services/T0/B0/XXXX'],
  ['discord', startDiscord, '/api/webhooks/1/token'],
] as const)('%s takes whatever a pod is called', async (kind, start, path) => {
  const server: ReceivingServer<unknown> = await opened(start({ burst: 100, perSecond: 100 }))
  const { toOutgoingAlert } = await import('../../../src/core/channels/messages/outgoing-alert')
  const { pendingAlert } = await import('../../harness/samples/pending-alerts')
  for (const name of hostile) {
    const pending = pendingAlert(
      { podId: name },
      { podName: name, title: `${name} has an error`, body: name },
    )
    const outgoing = toOutgoingAlert(pending, { label: () => name, isRunpod: true }, name, now())
    const one = { alert: outgoing, isOver: false, resolvedAtMs: null }
    expect(
      await sendTo(kind, `${server.origin}${path}`, null, { isPlain: false, alerts: [one] }),
    ).toMatchObject({
      kind: 'accepted',
    })
    const four = { isPlain: false, alerts: [one, one, one, one] }
    expect(await sendTo(kind, `${server.origin}${path}`, null, four)).toMatchObject({ kind: 'accepted' })
  }
  expect(server.received).toHaveLength(2 * hostile.length)
})
