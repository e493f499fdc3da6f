import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { createListeners } from '../../../../src/core/base/listeners'
import { MINUTE_MS } from '../../../../src/core/base/time/time'
import type { Provider } from '../../../../src/core/pods/provider'
import type { Snapshot } from '../../../../src/core/view/snapshot'
import { createAccountChecks } from '../../../../src/main/account/requests/account-checks'
import type { AccountCheckView } from '../../../../src/shared/requests/account-requests'
import { createFakeClock, flushPromises } from '../../../harness/base/fake-clock'
import { createScriptedProvider } from '../../../harness/monitor/scripted-provider'
import { accountEntry, snapshotOfAccounts } from '../../../harness/samples/pod-views'
import { pod } from '../../../harness/samples/pods'

function open() {
  const clock = createFakeClock()
  const scripted = createScriptedProvider([pod()])
  const snapshot = snapshotOfAccounts([{ entry: accountEntry({ id: 'a', name: 'Lab' }) }])
  const listeners = createListeners<[Snapshot]>()
  const session: { provider: Provider | null } = { provider: scripted }
  const views: AccountCheckView[] = []
  const checks = createAccountChecks({
    clock,
    session: {
      provider: () => session.provider,
      snapshot: () => snapshot,
      subscribe: listeners.add,
    },
    ssh: { compareKeys: async () => ({ usable: 0, matching: 0, cantTell: 0 }) },
    dataFolder: tmpdir(),
    areNotificationsSupported: () => false,
    onView: (view) => views.push(view),
  })
  const change = (provider: Provider | null): void => {
    session.provider = provider
    listeners.notify(snapshot)
  }
  return { clock, calls: scripted.calls, checks, change, views }
}

test('a check that runs is not started twice, and a second one follows it', async () => {
  const { clock, calls, checks, views } = open()
  void checks.startAccountCheck('a')
  void checks.startAccountCheck('a')
  await flushPromises()
  expect(calls.filter((call) => call === 'list')).toHaveLength(2)
  void checks.cancelAccountCheck('a')
  await clock.advanceAsync(0)
  expect(views.at(-1)).toMatchObject({ accountId: 'a', isRunning: false, progress: null })
  expect(views.at(-1)!.lines.map(({ id }) => id)).toContain('cadence')
  void checks.startAccountCheck('a')
  expect(views.at(-1)).toMatchObject({ isRunning: true, lines: [] })
})

test.each(['removed', 'replaced'])('a key that was %s is asked nothing more', async (how) => {
  const { clock, calls, checks, change, views } = open()
  void checks.startAccountCheck('a')
  await clock.advanceAsync(MINUTE_MS)
  change(how === 'removed' ? null : createScriptedProvider([]))
  await clock.advanceAsync(0)
  const asked = calls.length
  await clock.advanceAsync(20 * MINUTE_MS)
  expect(calls).toHaveLength(asked)
  expect(views.at(-1)?.isRunning).toBe(false)
})

test('an account that is not connected is not checked', async () => {
  const { checks, change, views } = open()
  change(null)
  expect(checks.startAccountCheck('a')).toMatchObject({ ok: false })
  expect(checks.startAccountCheck('other')).toMatchObject({ ok: false })
  expect(views).toEqual([])
})
