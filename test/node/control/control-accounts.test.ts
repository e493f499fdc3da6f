import { expect, onTestFinished, test, vi } from 'vitest'
import { SECOND_MS } from '../../../src/core/base/time/time'
import { ACCOUNT, startHolder } from '../../harness/data-folder/control-holder'
import { createMonitorFixture, type MonitorFixture } from '../../harness/monitor/monitor-fixture'
import { pod } from '../../harness/samples/pods'

const OTHER = 'account-2'

const sent = ({ provider }: MonitorFixture): readonly string[] =>
  provider.calls.filter((call) => /^(start|stop|restart|terminate) /.test(call))

/** A program that watches two accounts, each with a pod of the same id. */
async function startTwoAccounts() {
  const other = createMonitorFixture({ pods: [pod({ name: 'of the other' })] })
  onTestFinished(() => other.monitor.dispose())
  const holder = await startHolder({}, {}, { [OTHER]: other })
  const advance = async (ms: number): Promise<void> => {
    await holder.fixture.clock.advanceAsync(ms)
    await other.clock.advanceAsync(ms)
  }
  return { ...holder, other, advance }
}

test('a command sees, stops and follows the pod of its account only, whatever its id is in another', async () => {
  const { command, fixture, other, advance } = await startTwoAccounts()
  const [first, second] = [await command(), await command(OTHER)]
  expect(await first.client.requests.account()).toMatchObject({ value: { pods: [{ name: 'trainer' }] } })
  expect(await second.client.requests.account()).toMatchObject({
    value: { pods: [{ name: 'of the other' }] },
  })
  expect(await second.client.requests.act('pod-1', 'stop', false)).toMatchObject({ ok: true })
  await vi.waitFor(() => expect(second.phases).toEqual(['scheduled']))
  await advance(10 * SECOND_MS)
  expect([sent(fixture), sent(other)]).toEqual([[], ['stop pod-1']])
  expect(first.phases).toEqual([])
})

test('an action of one account is taken back by a command for that account only', async () => {
  const { command, fixture, other, advance } = await startTwoAccounts()
  const [first, second] = [await command(), await command(OTHER)]
  await first.client.requests.act('pod-1', 'stop', false)
  await second.client.requests.act('pod-1', 'stop', false)
  const intentId = other.monitor.snapshot().pods[0]?.intent?.id ?? ''
  expect(await second.client.requests.undo(intentId)).toMatchObject({ ok: true })
  await advance(10 * SECOND_MS)
  expect([sent(fixture), sent(other)]).toEqual([['stop pod-1'], []])
})

test('a confirmation that was asked for one account is none for another', async () => {
  const { command, fixture, other, advance } = await startTwoAccounts()
  const [first, second] = [await command(), await command(OTHER)]
  const question = await first.client.requests.askConfirmation('pod-1', 'terminate')
  const token = question.ok ? question.value.token : ''
  expect(await second.client.requests.answerConfirmation(token, 'of the other')).toMatchObject({ ok: false })
  expect(await second.client.requests.answerConfirmation(token, 'trainer')).toMatchObject({ ok: false })
  await advance(10 * SECOND_MS)
  expect([sent(fixture), sent(other)]).toEqual([[], []])
})

test('a connection that names another account with a request reaches that one, and no other', async () => {
  const { raw, fixture, other, advance } = await startTwoAccounts()
  const client = await raw()
  client.request({ name: 'act', args: ['pod-1', 'stop', false], accountId: OTHER })
  await vi.waitFor(() => expect(client.read()).toContain('"scheduled"'))
  await advance(10 * SECOND_MS)
  expect([sent(fixture), sent(other)]).toEqual([[], ['stop pod-1']])
})

test.each([['nobody'], [`${ACCOUNT}/pod-1`]])(
  'a command for the account %j, which nobody watches, does nothing',
  async (accountId) => {
    const { command, fixture, other, advance } = await startTwoAccounts()
    const { client } = await command(accountId)
    expect(await client.requests.act('pod-1', 'stop', false)).toMatchObject({
      ok: false,
      error: { code: 'other-account', message: expect.stringContaining('does not watch this account') },
    })
    await advance(10 * SECOND_MS)
    expect([sent(fixture), sent(other)]).toEqual([[], []])
  },
)

test('while the demo takes the place of the accounts, nothing is done for them', async () => {
  const { command, fixture, other, program, advance } = await startTwoAccounts()
  program.isDemo = true
  for (const accountId of [ACCOUNT, OTHER, 'demo']) {
    const { client } = await command(accountId)
    expect(await client.requests.act('pod-1', 'stop', false)).toMatchObject({
      ok: false,
      error: { code: 'other-account', message: expect.stringContaining('is showing the demo') },
    })
  }
  await advance(10 * SECOND_MS)
  expect([sent(fixture), sent(other)]).toEqual([[], []])
})
