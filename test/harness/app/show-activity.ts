import type { ElectronApplication } from 'playwright-core'
import type { AuditFilter, ListedAuditEntry } from '../../../src/core/audit-log/audit-log'
import type { PodKey } from '../../../src/core/pods/pod'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time'
import { NOW_MS } from '../pod-views'

/** Makes the app respond with these entries from now on, newest first, in pages of `limit`; null for an error. */
export async function serveActivity(
  app: ElectronApplication,
  entries: readonly ListedAuditEntry[] | null,
  limit = 100,
): Promise<void> {
  await app.evaluate(
    ({ ipcMain }, given) => {
      ipcMain.removeHandler('podkeeper:request:auditPage')
      ipcMain.handle(
        'podkeeper:request:auditPage',
        (
          _event,
          before: number | null,
          accountId: AuditFilter['accountId'],
          podKey: PodKey | null,
          kind: AuditFilter['kind'],
        ) => {
          if (given.entries === null)
            return { ok: false, error: { message: 'Podkeeper stumbled; please try again.' } }
          const asked = given.entries.filter(
            (entry) =>
              (before === null || entry.seq < before) &&
              (accountId === null || entry.accountId === accountId) &&
              (podKey === null || `${entry.accountId}/${entry.podId}` === podKey) &&
              (kind === null || entry.kind === kind),
          )
          const page = asked.slice(0, given.limit)
          const last = page[page.length - 1]
          return {
            ok: true,
            value: { entries: page, before: asked.length > page.length && last ? last.seq : null },
          }
        },
      )
    },
    { entries, limit },
  )
}

type Given = Pick<ListedAuditEntry, 'kind' | 'what' | 'text' | 'tone'> & {
  readonly agoMs: number
  readonly pod?: string
}

const given: readonly Given[] = [
  {
    agoMs: 2 * MINUTE_MS,
    kind: 'alert',
    what: 'auto-stop-soon',
    tone: 'warning',
    pod: 'comfy-scratch',
    text: 'comfy-scratch stops in 5 min. Quiet for 5 h 55 m; the volume stays, the container disk is lost.',
  },
  {
    agoMs: 27 * MINUTE_MS,
    kind: 'alert',
    what: 'idle',
    tone: 'warning',
    pod: 'mcmc-planck',
    text: 'mcmc-planck is idle for 15 min. GPU 0–2 %, CPU 1 %, memory still, in all 61 samples since 13:23 · $1.00 so far at $3.99/h',
  },
  {
    agoMs: 40 * MINUTE_MS,
    kind: 'intent',
    what: 'stop failed',
    tone: 'bad',
    pod: 'eval-sweep-b',
    text: 'The stop of eval-sweep-b failed. Runpod: the pod is locked.',
  },
  {
    agoMs: 41 * MINUTE_MS,
    kind: 'intent',
    what: 'stop sent',
    tone: 'plain',
    pod: 'eval-sweep-b',
    text: 'The stop of eval-sweep-b was sent to Runpod.',
  },
  {
    agoMs: 3 * HOUR_MS,
    kind: 'connection',
    what: 'back',
    tone: 'good',
    text: 'Runpod answers again, after 6 min.',
  },
  {
    agoMs: DAY_MS,
    kind: 'decision',
    what: 'auto-stop',
    tone: 'plain',
    pod: 'anomaly-v3-with-a-name-of-sixty-characters-which-is-very-long-xx',
    text: 'Not stopped: no volume, stopping would lose the container disk.',
  },
  {
    agoMs: 2 * DAY_MS,
    kind: 'key',
    what: 'connected',
    tone: 'plain',
    text: 'Watching the account at api.runpod.io with the key ending in 9f3c.',
  },
  {
    agoMs: 2 * DAY_MS + HOUR_MS,
    kind: 'alert',
    what: 'idle',
    tone: 'warning',
    pod: '<b>bold</b> & \u05d0\u05d1\u05d2',
    text: '<b>bold</b> & \u05d0\u05d1\u05d2 is idle for 15 min.',
  },
  { agoMs: 400 * DAY_MS, kind: 'app', what: 'started', tone: 'plain', text: 'Podkeeper started.' },
]

/** One entry of each kind and tone, recent and old. */
export const sampleActivity: readonly ListedAuditEntry[] = given.map(({ agoMs, pod, ...said }, index) => ({
  seq: given.length - index,
  atMs: NOW_MS - agoMs,
  accountId: 'account',
  podId: pod === undefined ? null : `id-of-${pod}`,
  podName: pod ?? null,
  ...said,
}))
