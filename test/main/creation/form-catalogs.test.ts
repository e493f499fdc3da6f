import { expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import type { Provider } from '../../../src/core/pods/provider'
import { createFormCatalogs } from '../../../src/main/creation/form-catalogs'
import { createFakeClock } from '../../harness/base/fake-clock'
import { gpuOffer } from '../../harness/samples/pod-forms'
import { failure } from '../../harness/monitor/scripted-provider'

const query = { clouds: ['SECURE'], gpuCount: 1, vcpuCount: null, hasTemplates: false } as const

function open() {
  const clock = createFakeClock()
  const state = { isDown: false, reads: 0 }
  const provider = {
    listGpus: async () => {
      state.reads += 1
      return state.isDown ? failure('unreachable') : ok([gpuOffer('L4')])
    },
  } as unknown as Provider
  const catalogs = createFormCatalogs(clock)
  return { clock, state, read: (isRefreshed = false) => catalogs.read(provider, query, isRefreshed) }
}

test('what was read before is used while the service is down, and said to be old, for an hour', async () => {
  const { clock, state, read } = open()
  const first = await read()
  expect(first.catalog.gpus.SECURE?.map(({ name }) => name)).toEqual(['L4'])
  state.isDown = true
  clock.advance(30_000)
  expect((await read()).readAtMs).toBe(first.readAtMs)
  expect(state.reads).toBe(1)
  clock.advance(31_000)
  const stale = await read()
  expect(state.reads).toBe(2)
  expect(stale.catalog.gpus.SECURE).toHaveLength(1)
  expect(stale.readAtMs).toBe(first.readAtMs)
  expect(stale.unread.join()).not.toBe('')
  clock.advance(60 * 60_000)
  const gone = await read()
  expect(gone.catalog.gpus.SECURE).toBe(null)
  expect(gone.unread.join()).toContain('The GPUs could not be read')
  state.isDown = false
  expect((await read()).catalog.gpus.SECURE).toHaveLength(1)
})

test('what an account does not offer is shown, and is nothing', async () => {
  const { read } = open()
  const { catalog, unread } = await read()
  expect(catalog).toMatchObject({
    cpus: null,
    dataCenters: null,
    volumes: null,
    sshKeyCount: null,
    limits: null,
  })
  expect(unread.length).toBeGreaterThan(0)
})
