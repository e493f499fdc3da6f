import { expect, test, vi } from 'vitest'
import { payloadOf } from '../../../src/core/channels/messages/payload'
import { alertmanagerProgram, startAlertmanager } from '../../harness/channels/alertmanager'
import { startWebhook } from '../../harness/channels/services'
import { outgoingAlert } from '../../harness/samples/outgoing-alerts'

const now = () => ({ wallMs: Date.now(), monotonicMs: performance.now(), runId: 'test' })

/** What kind of value stands at each place. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shapeOf(each)]))
}

const minute = 60_000

test.skipIf(alertmanagerProgram === null)(
  'a webhook gets from Podkeeper what it gets from a real Alertmanager, at the start and at the end',
  async () => {
    const webhook = await startWebhook()
    const alertmanager = await startAlertmanager(alertmanagerProgram!, `${webhook.origin}/`)
    try {
      const createdAt = { ...now(), wallMs: Date.now() - minute }
      const resolvedAtMs = Date.now()
      const alert = outgoingAlert({
        createdAt,
        podName: 'läma "1" \\ 💩',
        accountName: 'Work',
        isCritical: true,
        kind: 'auto-stop-soon',
      })
      const ours = (end: number | null): any =>
        payloadOf(
          { kind: 'webhook', name: 'Phone' },
          { isPlain: false, alerts: [{ alert, isOver: false, resolvedAtMs: end }] },
          { topic: '', origin: '' },
          now(),
        )
      for (const [index, end] of [null, resolvedAtMs].entries()) {
        const [{ labels, annotations, startsAt, generatorURL, endsAt }] = ours(end).alerts
        const times = end === null ? { startsAt } : { startsAt, endsAt }
        await alertmanager.post([{ labels, annotations, generatorURL, ...times }])
        await vi.waitFor(() => expect(webhook.received.length).toBeGreaterThan(index), { timeout: 60_000 })
        const theirs = webhook.received[index]!.payload
        expect(shapeOf(ours(end))).toEqual(shapeOf(theirs))
        // The address of Alertmanager itself is another one, and it ends an alert that continues automatically.
        const same = ({ alerts, ...rest }: any) => ({
          ...rest,
          externalURL: 'of each its own',
          alerts: alerts.map(({ startsAt: start, endsAt: until, ...each }: any) => ({
            ...each,
            startsAt: Date.parse(start),
            endsAt: Date.parse(until),
          })),
        })
        expect(same(ours(end))).toEqual(same(theirs))
      }
    } finally {
      await alertmanager.close()
      await webhook.close()
    }
  },
)
