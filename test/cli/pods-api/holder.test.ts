import { expect, onTestFinished, test, vi } from 'vitest'
import { createHolder } from '../../../src/node/pods-api/accounts/holder'
import { SECOND_MS } from '../../../src/core/base/time/time'
import { ok } from '../../../src/core/base/result'
import { ApiUnavailable } from '../../../src/node/pods-api/api-server'
import { ACCOUNT, startHolder } from '../../harness/data-folder/control-holder'

/* What is read of the program that watches, over its real socket. */

async function open(limits?: Parameters<typeof startHolder>[0]) {
  const { folder, fixture } = await startHolder(limits)
  const { clock, monitor } = fixture
  const holder = createHolder({ folder, clock, onNobody: () => {} })
  onTestFinished(() => holder.close())
  return { holder, clock, monitor }
}

test('requests share one read for as long as it takes, and for a second after it', async () => {
  const { holder, clock } = await open()
  const first = holder.details(ACCOUNT)
  clock.advance(5 * SECOND_MS)
  const second = holder.details(ACCOUNT)
  const details = await first
  expect(await second).toBe(details)
  clock.advance(SECOND_MS - 1)
  expect(await holder.details(ACCOUNT)).toBe(details)
  clock.advance(1)
  expect(await holder.details(ACCOUNT)).not.toBe(details)
})

test('what was asked for is seen by the next read', async () => {
  const { holder } = await open()
  const before = await holder.details(ACCOUNT)
  await holder.ask(ACCOUNT, () => Promise.resolve(ok(undefined)))
  expect(await holder.details(ACCOUNT)).not.toBe(before)
})

test('reads that fail leave no connections behind, of which the other program takes few', async () => {
  const { holder, monitor } = await open({ clients: 3 })
  const snapshot = vi.spyOn(monitor, 'snapshot').mockImplementation(() => {
    throw new Error('a bug')
  })
  for (let times = 0; times < 5; times += 1)
    await expect(holder.details(ACCOUNT)).rejects.toThrow(ApiUnavailable)
  snapshot.mockRestore()
  expect((await holder.details(ACCOUNT)).pods).toHaveLength(1)
})
