import { describe, expect, it } from 'vitest'
import {
  LAB,
  labPodStatus,
  listLabPods,
  postHubify,
  sendHubify,
  startHubify,
  withPlannedRoutes,
} from '../../harness/simulator/hubify-fixture'
import { sendPodAction, sendRequest, statusOf } from '../../harness/simulator/simulator-fixture'

const pods = [
  {
    documentId: 'pod_abc123',
    pod: {
      id: 'p',
      name: 'p',
      mode: 'training',
      gpu: { id: 'NVIDIA H200', count: 1 },
      costPerHourUsd: 3.99,
      persistent: { sizeGb: 100, path: '/workspace' },
    },
  },
] as const

describe('one pod in two APIs', () => {
  it('is named by each with the id of the account', async () => {
    const { simulator } = await startHubify(pods)
    const [listed] = await listLabPods(simulator)
    const { body } = await sendRequest(simulator, `/v2/pods/${listed.runpodPodId}`)
    expect(body).toMatchObject({ id: 'p', cost: listed.hourlyCostUsd, gpu: { count: listed.gpuCount } })
    expect(Date.parse(body.createdAt)).toBe(listed.createdAt)
  })

  it('is stopped in both by a stop in either', async () => {
    const { simulator, clock } = await startHubify(pods)
    await postHubify(simulator, '/pods/pod_abc123/stop')
    clock.advanceS(5)
    expect([await statusOf(simulator, 'p'), await labPodStatus(simulator)]).toEqual(['EXITED', 'stopped'])
    await sendPodAction(simulator, 'p', 'start')
    expect([await statusOf(simulator, 'p'), await labPodStatus(simulator)]).toEqual([
      'PROVISIONING',
      'creating',
    ])
    clock.advanceS(31)
    expect([await statusOf(simulator, 'p'), await labPodStatus(simulator)]).toEqual(['RUNNING', 'running'])
    await sendPodAction(simulator, 'p', 'stop')
    clock.advanceS(5)
    expect([await statusOf(simulator, 'p'), await labPodStatus(simulator)]).toEqual(['EXITED', 'stopped'])
  })

  it('is gone from the account once the lab terminates it', async () => {
    const { simulator } = await startHubify(pods, withPlannedRoutes)
    await postHubify(simulator, '/pods/pod_abc123/terminate')
    expect((await sendRequest(simulator, '/v2/pods/p')).status).toBe(404)
    expect((await sendRequest(simulator, '/v2/pods')).body.pods).toEqual([])
    expect(await labPodStatus(simulator)).toBe('terminated')
  })

  it('is paid once', async () => {
    const { simulator, clock } = await startHubify(pods)
    const before = simulator.balanceUsd()
    clock.advanceS(3_600)
    await listLabPods(simulator)
    // With the disks, which cost some cents.
    expect(before - simulator.balanceUsd()).toBeGreaterThanOrEqual(3.99)
    expect(before - simulator.balanceUsd()).toBeLessThan(4.1)
  })

  it('accepts the keys of its own API only', async () => {
    const { simulator } = await startHubify(pods)
    const foreign = { key: 'rpa_simulated_full_access' }
    expect((await sendHubify(simulator, `/pods?labId=${LAB.id}`, foreign)).status).toBe(401)
    expect((await sendRequest(simulator, '/v2/pods', { key: 'hfy_key_simulated_full_access' })).status).toBe(
      401,
    )
  })

  it('can be one that the account had before', async () => {
    const { simulator } = await startHubify(
      [{ existing: 'by-name', documentId: 'pod_one' }],
      {},
      {
        pods: [{ id: 'x', name: 'by-name', mode: 'training' }],
      },
    )
    expect(await listLabPods(simulator)).toMatchObject([{ _id: 'pod_one', runpodPodId: 'x' }])
    expect((await sendRequest(simulator, '/v2/pods')).body.pods).toHaveLength(1)
  })
})
