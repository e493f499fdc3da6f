import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accountHistory, type AlertHistory, alertName } from '../../../src/core/alerts/alert-history'
import { createAlertDispatcher } from '../../../src/core/alerts/alert-dispatcher'
import type { Delivery } from '../../../src/core/alerts/alert'
import { ok } from '../../../src/core/base/result'
import { openAlertHistory } from '../../../src/node/data-folder/records/alert-history'
import { createFakeClock, flushPromises } from '../../harness/base/fake-clock'
import { alertHistoryOf, pendingAlert, permissiveRules } from '../../harness/samples/pending-alerts'

const record = (accountId: string, episode: string) =>
  ({ kind: 'idle', accountId, podId: 'p', episode, atMs: 1, state: 'said' }) as const

function memoryStore(initial: AlertHistory = {}) {
  let current = initial
  return { load: () => current, save: (next: AlertHistory) => void (current = next) }
}

test('an account sees its own records, and writes leave those of the others as they are', () => {
  const store = memoryStore(alertHistoryOf(record('a', '1'), record('b', '1')))
  const [a, b] = ['a', 'b'].map((id) => accountHistory(store, id))
  expect(a?.load()).toEqual(alertHistoryOf(record('a', '1')))
  a?.save(alertHistoryOf(record('a', '2')))
  expect(store.load()).toEqual(alertHistoryOf(record('a', '2'), record('b', '1')))
  b?.save({})
  expect(store.load()).toEqual(alertHistoryOf(record('a', '2')))
  expect(a?.load()).toEqual(alertHistoryOf(record('a', '2')))
})

test('what is unchanged is the same object, so that nothing is written again', () => {
  const store = memoryStore(alertHistoryOf(record('a', '1')))
  const a = accountHistory(store, 'a')
  expect(a.load()).toBe(a.load())
})

const accounts = ['a', 'b', 'c'] as const

test('dispatchers of several accounts over one file lose no record of each other, however they take turns', async () => {
  const someStep = fc.record({
    account: fc.constantFrom(...accounts),
    episode: fc.constantFrom('1', '2', '3'),
    /** A critical alert is recorded when its notification was delivered, which may be later. */
    isDelivered: fc.boolean(),
    waits: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(someStep, { maxLength: 25 }), async (steps) => {
      const folder = mkdtempSync(join(tmpdir(), 'podkeeper-marks-'))
      writeFileSync(join(folder, 'format.json'), '{"version":2}')
      const store = openAlertHistory(folder, (text) => {
        throw new Error(text)
      })
      const clock = createFakeClock()
      const shown: string[] = []
      let answers: (() => void)[] = []
      const flush = async (): Promise<void> => {
        for (const answer of answers) answer()
        answers = []
        await flushPromises()
      }
      const dispatchers = new Map(
        accounts.map((account) => [
          account,
          createAlertDispatcher({
            notifier: {
              show: (alert) =>
                new Promise<Delivery>((resolve) => {
                  answers.push(() => {
                    shown.push(alertName(alert.key))
                    resolve('shown')
                  })
                }),
            },
            alertHistory: accountHistory(store, account),
            auditLog: { record: () => ok(undefined) },
            rules: () => permissiveRules,
            mayAnnounce: () => true,
            nowMs: () => clock.now().wallMs,
            onChange: () => {},
            report: (_what, cause) => {
              throw cause
            },
          }),
        ]),
      )
      const dispatched = new Set<string>()
      for (const { account, episode, isDelivered, waits } of steps) {
        const alert = pendingAlert({ accountId: account, episode }, { isCritical: episode === '3' })
        dispatched.add(alertName(alert.key))
        dispatchers.get(account)?.dispatch([alert], false)
        if (isDelivered) await flush()
        if (waits) clock.advance(1_000)
      }
      await flush()
      // Each was announced once, and the file says so of each, for the next program too.
      expect([...shown].sort()).toEqual([...dispatched].sort())
      expect(Object.keys(store.load()).sort()).toEqual([...dispatched].sort())
      expect(Object.keys(openAlertHistory(folder, () => {}).load()).sort()).toEqual([...dispatched].sort())
    }),
    { numRuns: 40 },
  )
})
