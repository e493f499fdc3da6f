import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startEventSource } from '../../../src/node/pods-api/accounts/event-source'
import { type ApiEvent, createEventLog } from '../../../src/core/pods-api/api-event'
import { ApiUnavailable } from '../../../src/node/pods-api/api-server'
import { auditLogFileName } from '../../../src/node/data-folder/records/audit-log-files'
import { NOW_MS } from '../../harness/samples/pod-views'
import { detailsOf, servedAccount } from '../../harness/data-folder/served-accounts'

/* What happens in accounts and is written to the activity log, as events. */

function start(options: Partial<Parameters<typeof startEventSource>[0]>) {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-events-'))
  const log = createEventLog('run')
  const events: ApiEvent[] = []
  log.onEvents((added) => events.push(...added))
  const end = startEventSource({
    folder,
    holder: { details: () => Promise.reject(new ApiUnavailable('gone')) },
    accounts: () => [servedAccount('a')],
    log,
    everyMs: 5,
    ...options,
  })
  onTestFinished(end)
  return { folder, events }
}

test('events continue after a poll in which something failed', async () => {
  const accounts = vi
    .fn(() => [servedAccount('a')])
    .mockImplementationOnce(() => {
      throw new Error('EMFILE: too many open files')
    })
  const details = vi
    .fn(() => Promise.resolve(detailsOf({ id: 'p', phase: 'stopped' })))
    .mockImplementationOnce(() => Promise.resolve(detailsOf({ id: 'p' })))
  const { events } = start({ accounts, holder: { details } })
  await expect
    .poll(() => events.map(({ type, data }) => [type, data['status']]))
    .toContainEqual(['pod', 'stopped'])
})

test('an alert about all accounts together is an event of no account', async () => {
  const { folder, events } = start({})
  const entry = {
    seq: 1,
    atMs: NOW_MS,
    accountId: null,
    podId: null,
    podName: null,
    kind: 'alert',
    what: 'budget',
    text: 'This month’s budget is used up.',
    tone: 'bad',
    computer: 'lab-server',
  }
  mkdirSync(join(folder, 'activity'))
  writeFileSync(join(folder, 'activity', auditLogFileName(1)), `${JSON.stringify(entry)}\n`)
  await expect
    .poll(() => events)
    .toMatchObject([{ type: 'alert', accountId: null, data: { entry: 1, computer: 'lab-server' } }])
})
