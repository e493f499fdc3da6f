import { expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { createVolumePoller, type VolumesReply } from '../../../src/core/money/volume-poller'
import type { Provider } from '../../../src/core/pods/provider'
import { deferred, failure } from '../../harness/monitor/scripted-provider'
import { volume } from '../../harness/samples/configurations'

function poller() {
  const replies: ReturnType<typeof deferred<VolumesReply>>[] = []
  const booked: number[] = []
  const provider = {
    listNetworkVolumes() {
      const reply = deferred<VolumesReply>()
      replies.push(reply)
      return reply.promise
    },
  } as Partial<Provider> as Provider
  const ledger = {
    observe: ({ subjects }: { subjects: readonly unknown[] }) => void booked.push(subjects.length),
  }
  const volumes = createVolumePoller(provider, { nowMs: () => 1_000 }, ledger as never)
  const names = (): readonly string[] => volumes.list().volumes.map(({ id }) => id)
  return { volumes, replies, booked, names }
}

test('a late reply to an earlier request replaces nothing that a later one showed', async () => {
  const { volumes, replies, booked, names } = poller()
  const reading = volumes.read([], () => true)
  const take = volumes.expect()
  take([], ok([volume(), volume({ id: 'new' })]))
  replies[0]!.resolve(ok([volume()]))
  await reading
  expect(names()).toEqual([volume().id, 'new'])
  expect(booked).toEqual([2])
})

test('a later request that failed does not keep out the list of an earlier one', async () => {
  const { volumes, replies, names } = poller()
  const reading = volumes.read([], () => true)
  volumes.expect()([], failure('unreachable', { message: 'No answer.' }))
  expect(volumes.list().problem).toBe('No answer.')
  replies[0]!.resolve(ok([volume()]))
  await reading
  expect(names()).toEqual([volume().id])
  expect(volumes.list().problem).toBeNull()
})
