import { describe, expect, it } from 'vitest'
import { sendRequest, startSimulator } from '../../harness/simulator/simulator-fixture'

const gpu = { id: 'NVIDIA GeForce RTX 4090', count: 1 }
const wanted = { name: 'new', image: 'example/pytorch:2.8', gpu }
const create = (simulator: Parameters<typeof sendRequest>[0], more: object = {}) =>
  sendRequest(simulator, '/v2/pods', { body: { ...wanted, ...more } })

describe('the stock', () => {
  it('of one GPU can run out while others are free, and come back', async () => {
    const { simulator } = await startSimulator()
    simulator.conditions({ stock: { [gpu.id]: 'NONE', '*': 'HIGH' } })
    const refused = await create(simulator)
    expect(refused.status).toBe(400)
    expect(refused.body.detail).toContain('no longer any instances available')
    expect((await create(simulator, { gpu: { id: 'NVIDIA L4', count: 1 } })).status).toBe(201)
    simulator.scenario('stock-back')
    expect((await create(simulator)).status).toBe(201)
  })
})

describe('a create', () => {
  it.each(['create-cut-off', 'create-500'] as const)(
    'by the scenario %s makes a pod all the same',
    async (name) => {
      const { simulator } = await startSimulator()
      simulator.scenario('stock-back')
      simulator.scenario(name)
      const answer = await create(simulator).catch(() => null)
      expect(answer?.status ?? 'cut off').toBe(name === 'create-500' ? 500 : 'cut off')
      expect((await sendRequest(simulator, '/v2/pods')).body.pods).toHaveLength(1)
      expect((await create(simulator, { name: 'second' })).status).toBe(201)
    },
  )

  it('beyond the spend limit is refused', async () => {
    const { simulator } = await startSimulator({ conditions: { spendLimitUsd: 1, stock: { '*': 'HIGH' } } })
    expect((await create(simulator)).status).toBe(201)
    const answer = await create(simulator)
    expect([answer.status, answer.body.detail]).toEqual([400, expect.stringContaining('spend limit')])
  })
})

describe('an image', () => {
  it('that does not exist is pulled in vain, which the system log says', async () => {
    const { simulator, clock } = await startSimulator()
    simulator.scenario('stock-back')
    const { body } = await create(simulator, { image: 'example/missing:1' })
    clock.advanceS(3_600)
    const pod = (await sendRequest(simulator, `/v2/pods/${body.id}`)).body
    expect([pod.status, pod.runtime, pod.dataCenterId]).toEqual(['RUNNING', null, null])
  })

  it('can take long, and its pod runs after that', async () => {
    const { simulator, clock } = await startSimulator()
    simulator.scenario('stock-back')
    simulator.scenario('slow-pulls')
    const { body } = await create(simulator)
    clock.advanceS(600)
    const read = async () => (await sendRequest(simulator, `/v2/pods/${body.id}`)).body
    expect(await read()).toMatchObject({ status: 'RUNNING', runtime: null })
    clock.advanceS(700)
    expect(await read()).toMatchObject({ status: 'RUNNING', runtime: { uptime: expect.any(Number) } })
  })

  it('is pulled under STARTING by the scenario starting-until-up', async () => {
    const { simulator, clock } = await startSimulator()
    simulator.scenario('stock-back')
    simulator.scenario('starting-until-up')
    const { body } = await create(simulator)
    clock.advanceS(20)
    expect((await sendRequest(simulator, `/v2/pods/${body.id}`)).body.status).toBe('STARTING')
  })
})

describe('a network volume', () => {
  it('costs money from its creation, more once it grows, and nothing once it is deleted', async () => {
    const { simulator, clock } = await startSimulator({ balanceUsd: 1_000 })
    const made = await sendRequest(simulator, '/v2/network-volumes', {
      body: { name: 'data', size: 1_000, dataCenter: 'US-KS-2' },
    })
    expect(made.status).toBe(201)
    const spentInDay = (): number => {
      const before = simulator.balanceUsd()
      clock.advanceS(86_400)
      return before - simulator.balanceUsd()
    }
    expect(spentInDay()).toBeCloseTo((1_000 * 0.07) / 30, 3)
    const path = `/v2/network-volumes/${made.body.id}`
    expect((await sendRequest(simulator, path, { method: 'PATCH', body: { size: 2_000 } })).body.size).toBe(
      2_000,
    )
    expect(spentInDay()).toBeCloseTo((1_000 * 0.07 + 1_000 * 0.05) / 30, 3)
    expect((await sendRequest(simulator, path, { method: 'DELETE' })).status).toBe(204)
    expect(spentInDay()).toBe(0)
  })

  it('is refused where none can be, and with a size that none can have', async () => {
    const { simulator } = await startSimulator()
    for (const [body, status] of [
      [{ name: 'd', size: 9, dataCenter: 'US-KS-2' }, 422],
      [{ name: 'd', size: 10, dataCenter: 'US-GA-1' }, 400],
    ] as const)
      expect((await sendRequest(simulator, '/v2/network-volumes', { body })).status).toBe(status)
  })
})
