import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alertKinds, type PendingAlert } from '../../../src/core/alerts/alert'
import type { ChannelKind } from '../../../src/core/channels/channel'
import { cutText, utf16Units, utf8Bytes } from '../../../src/core/channels/messages/cut-text'
import { alertFingerprint } from '../../../src/core/channels/messages/webhook-message'
import type { MessageBatch, SentAlert } from '../../../src/core/channels/messages/message-content'
import {
  type OutgoingAlert,
  plainAlert,
  toOutgoingAlert,
  withoutHosts,
} from '../../../src/core/channels/messages/outgoing-alert'
import { payloadOf } from '../../../src/core/channels/messages/payload'
import { anyCharacter } from '../../harness/base/any-character'
import { outgoingAlert, startInstant } from '../../harness/samples/outgoing-alerts'
import { pendingAlert } from '../../harness/samples/pending-alerts'

const account = { label: () => null, isRunpod: true }
const sent = (alert: OutgoingAlert, over: Partial<SentAlert> = {}): SentAlert => ({
  alert,
  isOver: false,
  resolvedAtMs: null,
  ...over,
})
const batchOf = (...alerts: SentAlert[]): MessageBatch => ({ alerts, isPlain: false })
const payload = (kind: ChannelKind, batch: MessageBatch): any =>
  payloadOf({ kind, name: 'Phone' }, batch, { topic: 'my-topic', origin: 'https://ntfy.sh' }, startInstant)

describe('a text that is cut', () => {
  test('stays as it is while it fits, and ends with … otherwise', () => {
    expect(cutText('llama', 5, utf16Units)).toBe('llama')
    expect(cutText('llamas', 5, utf16Units)).toBe('llam…')
    expect(cutText('äääää', 8, utf8Bytes)).toBe('ää…')
  })
  test('keeps characters of several code points whole', () => {
    expect(cutText('ab👩‍💻cd', 6, utf16Units)).toBe('ab…')
    expect(cutText('ab👩‍💻cd', 8, utf16Units)).toBe('ab👩‍💻…')
  })
  test('never exceeds its limit and never breaks a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: anyCharacter, maxLength: 60 }),
        fc.integer({ min: 0, max: 80 }),
        (text, max) => {
          const cut = cutText(text, max, utf8Bytes)
          expect(utf8Bytes(cut)).toBeLessThanOrEqual(max)
          expect(Buffer.byteLength(cut)).toBe(utf8Bytes(cut))
          expect(Buffer.from(cut).toString()).toBe(cut)
          if (!cut.endsWith('…')) expect(cut === text || cut === '').toBe(true)
        },
      ),
    )
  })
  test('cuts within a character that alone is too large', () => {
    const zalgo = `a${'\u0301'.repeat(500)}`
    expect(cutText(zalgo, 20, utf8Bytes).length).toBeGreaterThan(5)
    expect(utf8Bytes(cutText(zalgo, 20, utf8Bytes))).toBeLessThanOrEqual(20)
  })
})

describe('what leaves this computer', () => {
  test('has no key and no host', () => {
    const { title, body } = toOutgoingAlert(
      pendingAlert(
        { kind: 'unreachable' },
        {
          title: 'Runpod has been unreachable',
          body: 'api.runpod.io refused rpa_ABCDEF123456 at 203.0.113.7:22, [2001:db8::1]:22 and root@pod.example.',
        },
      ),
      account,
      null,
      startInstant,
    )
    expect(title).toBe('Runpod has been unreachable')
    expect(body).not.toMatch(/runpod\.io|ABCDEF|203\.0|2001|root|example/)
  })
  test('keeps times, amounts and abbreviations', () => {
    const text = 'Idle since 14:05:33, e.g. $1.20/hr. It was quiet. Then 94.5% for 2 h 14 min at 2:05 PM.'
    expect(withoutHosts(text)).toBe(text)
  })
  test('has nothing of what a job printed', () => {
    const alert = pendingAlert(
      { kind: 'job-failed' },
      { body: 'It took 3 min on llama.\nSECRET=1\nTraceback' },
    )
    expect(toOutgoingAlert(alert, account, null, startInstant).body).toBe('It took 3 min on llama.')
  })
  test('begins with the account where there are several', () => {
    const alert = toOutgoingAlert(pendingAlert(), { label: () => 'Work', isRunpod: true }, null, startInstant)
    expect([alert.title.startsWith('Work: '), alert.accountName]).toEqual([true, 'Work'])
  })
  test('names this computer where a person named it, in texts and to Alertmanager, and never without', () => {
    const named = toOutgoingAlert(pendingAlert(), account, 'lab-server', startInstant)
    const unnamed = toOutgoingAlert(pendingAlert(), account, null, startInstant)
    for (const others of [0, 4]) {
      const batchWith = (alert: OutgoingAlert) =>
        batchOf(...Array.from({ length: others + 1 }, () => sent(alert)))
      expect(payload('ntfy', batchWith(named)).message).toBe(
        `${payload('ntfy', batchWith(unnamed)).message} (lab-server)`,
      )
    }
    const [{ labels, annotations, fingerprint }] = payload('webhook', batchOf(sent(named))).alerts
    expect(annotations.computer).toBe('lab-server')
    const [other] = payload('webhook', batchOf(sent(unnamed))).alerts
    expect([other.labels, other.fingerprint]).toEqual([labels, fingerprint])
    for (const kind of ['ntfy', 'slack', 'discord', 'webhook'] as const) {
      expect(JSON.stringify(payload(kind, batchOf(sent(named))))).toMatch(/lab[\\]*-server/)
      expect(JSON.stringify(payload(kind, { ...batchOf(sent(named)), isPlain: true }))).not.toMatch(
        /lab[\\]*-server/,
      )
    }
  })
  test('links to the pod in Runpod’s console, and never to what an id makes of the address', () => {
    const urlOf = (podId: string | null, isRunpod = true) =>
      toOutgoingAlert(pendingAlert({ podId }), { ...account, isRunpod }, null, startInstant).url
    expect(urlOf('abc123')).toBe('https://console.runpod.io/pods?id=abc123')
    expect(urlOf('a&b=c#')).toBe('https://console.runpod.io/pods')
    expect(urlOf(null)).toBe('https://console.runpod.io/pods')
    expect(urlOf('abc123', false)).toBeNull()
  })
})

describe('a message', () => {
  test('for ntfy has title, priority, tag and an action that opens the pod', () => {
    expect(payload('ntfy', batchOf(sent(outgoingAlert({ isCritical: true }))))).toEqual({
      topic: 'my-topic',
      title: 'llama has an error',
      message: 'Out of memory. It still costs $1.20/hr.',
      priority: 5,
      tags: ['rotating_light'],
      click: 'https://console.runpod.io/pods?id=pod1',
      actions: [{ action: 'view', label: 'Open in Runpod', url: 'https://console.runpod.io/pods?id=pod1' }],
    })
    expect(payload('ntfy', batchOf(sent(outgoingAlert({ tone: 'good', body: '' }))))).toMatchObject({
      priority: 2,
      message: 'llama has an error',
    })
  })
  test('for Slack calls nobody and formats nothing', () => {
    const message = payload('slack', batchOf(sent(outgoingAlert({ title: '<!channel> & *x*' }))))
    expect(message.text).toBe('&lt;!channel&gt; &amp; *x*')
    expect(message.blocks.map(({ text }: any) => text?.type)).toEqual(['plain_text', 'plain_text', undefined])
  })
  test('for Discord mentions nobody and escapes its markup', () => {
    const message = payload(
      'discord',
      batchOf(sent(outgoingAlert({ title: '@everyone **x** <@1> [a](b)', url: null, body: '' }))),
    )
    expect(message.allowed_mentions).toEqual({ parse: [] })
    expect(message.content).toBe('**\\@everyone \\*\\*x\\*\\* \\<\\@1\\> \\[a\\]\\(b\\)**')
  })
  test('of several alerts lists them, and says how many they are', () => {
    const alerts = Array.from({ length: 5 }, (_, index) =>
      sent(outgoingAlert({ podName: `pod ${index}`, episode: String(index), podId: `p${index}` })),
    )
    expect(payload('ntfy', batchOf(...alerts))).toMatchObject({
      title: '5 pods have an error',
      message: 'pod 0, pod 1, pod 2, pod 3, pod 4',
    })
  })
  test('that is late says so, and that a critical alert no longer applies', () => {
    const early = { ...startInstant, wallMs: startInstant.wallMs - 600_000, monotonicMs: -595_000 }
    const alert = outgoingAlert({ isCritical: true, createdAt: early, body: 'It stops in 30 min.' })
    expect(payload('ntfy', batchOf(sent(alert, { isOver: true }))).message).toMatch(
      /^\(Sent late, from .+\) It stops in 30 min\. This no longer applies\.$/,
    )
    expect(payload('ntfy', batchOf(sent({ ...alert, createdAt: startInstant }))).message).toBe(
      'It stops in 30 min.',
    )
  })
  test('that a service rejected is sent again with letters only', () => {
    const { title, body, url } = plainAlert(
      outgoingAlert({ podName: 'läma\u{1F600}<x>', title: '✨', kind: 'auto-stop-soon' }),
    )
    expect({ title, body, url }).toEqual({
      title: 'Podkeeper alert: Auto-stop warnings, lmax',
      body: '',
      url: null,
    })
  })
})

describe('a webhook', () => {
  test('reports the start and the end of an alert with the same labels', () => {
    const alert = outgoingAlert()
    const start = payload('webhook', batchOf(sent(alert)))
    const end = payload('webhook', batchOf(sent(alert, { resolvedAtMs: startInstant.wallMs + 60_000 })))
    expect(start).toMatchObject({ version: '4', status: 'firing', receiver: 'Phone', truncatedAlerts: 0 })
    expect(start.alerts[0]).toMatchObject({ status: 'firing', endsAt: '0001-01-01T00:00:00Z' })
    expect(end.alerts[0]).toMatchObject({ status: 'resolved', endsAt: '2026-11-24T14:06:00.000Z' })
    expect(end.alerts[0].fingerprint).toBe(start.alerts[0].fingerprint)
    expect(end.alerts[0].startsAt).toBe(start.alerts[0].startsAt)
  })
  test('reports only the end where both are in one batch', () => {
    const alert = outgoingAlert()
    const both = payload('webhook', batchOf(sent(alert), sent(alert, { resolvedAtMs: startInstant.wallMs })))
    expect([both.status, both.alerts.length]).toEqual(['resolved', 1])
  })
  test('groups by what all alerts have', () => {
    const two = payload(
      'webhook',
      batchOf(sent(outgoingAlert()), sent(outgoingAlert({ podId: 'p2', podName: 'b', kind: 'idle' }))),
    )
    expect([two.groupLabels, two.commonLabels, two.groupKey]).toEqual([{}, { severity: 'warning' }, '{}:{}'])
  })
  test('names labels as Prometheus does', () => {
    // As a Prometheus server prints it for no labels, and for this one.
    expect(alertFingerprint({})).toBe('cbf29ce484222325')
  })
})

const hostile = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 400 }),
  fc.string({ unit: anyCharacter, maxLength: 1_500 }),
  fc.constantFrom(
    '<!channel>',
    '@everyone',
    '"'.repeat(3_000),
    '\\'.repeat(3_000),
    '&'.repeat(3_000),
    '💩'.repeat(900),
  ),
)
const anyAlert: fc.Arbitrary<PendingAlert> = fc.record({
  key: fc.record({
    kind: fc.constantFrom(...alertKinds),
    accountId: fc.string(),
    podId: fc.option(hostile),
    episode: fc.string(),
  }),
  podName: fc.option(hostile),
  title: hostile,
  body: hostile,
  tone: fc.constantFrom('good', 'plain', 'warning', 'bad'),
  isCritical: fc.boolean(),
  buttons: fc.constant([]),
})

describe('whatever an alert says', () => {
  test('its messages keep to the limits of each service', () => {
    fc.assert(
      fc.property(fc.array(anyAlert, { minLength: 1, maxLength: 25 }), fc.boolean(), (alerts, isPlain) => {
        const batch: MessageBatch = {
          isPlain,
          alerts: alerts.map((alert) => sent(toOutgoingAlert(alert, account, null, startInstant))),
        }
        const ntfy = payload('ntfy', batch)
        expect(Buffer.byteLength(ntfy.title)).toBeLessThanOrEqual(1_024)
        expect(Buffer.byteLength(ntfy.message)).toBeLessThanOrEqual(4_096)
        expect(Buffer.byteLength(JSON.stringify(ntfy))).toBeLessThanOrEqual(8_192)
        const slack = payload('slack', batch)
        for (const { type, text } of slack.blocks) {
          if (type === 'header') expect(text.text.length).toBeLessThanOrEqual(150)
          if (type === 'section') expect(text.text.length).toBeLessThanOrEqual(3_000)
          if (text) expect(text.text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/)
          if (text) expect(text.text).not.toBe('')
        }
        const discord = payload('discord', batch)
        expect(discord.content.length).toBeLessThanOrEqual(2_000)
        expect(discord.content).not.toMatch(/(?<!\\)@/)
        const webhook = payload('webhook', batch)
        expect(Buffer.byteLength(JSON.stringify(webhook))).toBeLessThanOrEqual(256 * 1_024)
        for (const one of [ntfy, slack, discord, webhook])
          expect(JSON.stringify(one)).not.toMatch(/\\ud[89a-f]|\\u00[01]/i)
      }),
      { numRuns: 60 },
    )
  })
})
