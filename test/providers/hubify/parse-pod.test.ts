import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataImpact, isDataKept } from '../../../src/core/pods/data-impact'
import type { Pod } from '../../../src/core/pods/pod'
import { parsePod } from '../../../src/providers/hubify/parse-pod'
import { sampleLabPod } from './sample-lab'

const wallMs = Date.parse('2026-11-24T12:00:00Z')
const shipped = { canTerminate: false, wallMs }
const announced = { canTerminate: true, wallMs }
const hours = (count: number): number => count * 3_600_000

function parse(more: Record<string, unknown> = {}, context = shipped): Pod {
  const pod = parsePod(sampleLabPod(more), context)
  if (pod === null) throw new Error('no pod')
  return pod
}
const managed = (more: Record<string, unknown>) => parse(more).managed

describe('a pod of a lab', () => {
  it('is read as far as the reply describes it', () => {
    expect(parse()).toEqual({
      id: 'pod_abc123',
      name: 'H200 SXM abc123',
      phase: 'running',
      rawStatus: 'running',
      statusReason: null,
      actions: ['stop'],
      gpu: { name: 'H200 SXM', count: 1 },
      cpu: null,
      vcpuCount: null,
      containerDiskGb: null,
      persistentMount: { sizeGb: 100, path: '/workspace' },
      networkMounts: [],
      areMountsKnown: true,
      dataCenterId: null,
      cloud: null,
      costPerHourUsd: 3.99,
      isLocked: false,
      clusterId: null,
      ssh: { direct: { host: '205.196.19.52', port: 11_452, username: 'root' }, proxy: null },
      telemetry: null,
      createdAtMs: Date.parse('2026-11-24T09:00:00Z'),
      startedAtMs: null,
      managed: { cloudPodId: 'k3v9x1m2', idleMinutes: null, stopsAtMs: null, terminatesAtMs: null },
    })
  })

  it('is the same in snake_case with ISO times and without the underscore of its id', () => {
    const snake = {
      id: 'pod_abc123',
      lab_id: 'j57a8k9m2n3p4q5r',
      runpod_pod_id: 'k3v9x1m2',
      gpu_type: 'H200 SXM',
      gpu_count: 1,
      status: 'running',
      ssh_host: '205.196.19.52',
      ssh_port: '11452',
      hourly_cost_usd: 3.99,
      created_at: '2026-11-24T09:00:00.000Z',
      volume_size: 100,
    }
    expect(parsePod(snake, shipped)).toEqual(parse())
  })

  it.each([null, [], 'pod', 7, {}, { _id: '' }, { _id: 5 }, { id: 'a\nb' }, { _id: '..' }])(
    'is none if the entry is %j',
    (entry) => expect(parsePod(entry, shipped)).toBeNull(),
  )

  it('has one of four states, or an unknown one that is shown raw', () => {
    const states = ['creating', 'running', 'stopped', 'terminated'].map((status) => parse({ status }).phase)
    expect(states).toEqual(['creating', 'running', 'stopped', 'terminated'])
    expect(parse({ status: 'hibernating‮' })).toMatchObject({ phase: 'unknown', rawStatus: 'hibernating' })
    expect(parse({ status: 7 })).toMatchObject({ phase: 'unknown', rawStatus: '', actions: [] })
  })

  it('can be started when stopped and stopped when running, and nothing else while routes are only announced', () => {
    const actions = (status: string) => parse({ status }).actions
    expect(actions('stopped')).toEqual(['start'])
    expect(actions('running')).toEqual(['stop'])
    for (const status of ['creating', 'terminated', 'paused']) expect(actions(status)).toEqual([])
  })

  it('can be terminated while that route is offered, but never started once terminated, nor restarted while running', () => {
    const actions = (status: string) => parse({ status }, announced).actions
    expect(actions('running')).toEqual(['stop', 'terminate'])
    expect(actions('stopped')).toEqual(['start', 'terminate'])
    expect(actions('terminated')).toEqual([])
  })

  it('has the name that the reply gives, or one of its GPU and id', () => {
    expect(parse({ name: ' mcmc ' }).name).toBe('mcmc')
    expect(parse({ gpuType: null }).name).toBe('Pod abc123')
  })

  it('has one GPU unless the reply gives a count, and none by a count that is none', () => {
    expect(parse({ gpuCount: undefined }).gpu?.count).toBe(1)
    expect(parse({ gpuCount: 4 }).gpu?.count).toBe(4)
    for (const gpuCount of [0, -1, 1.5, '2', Number.NaN]) expect(parse({ gpuCount }).gpu).toBeNull()
  })

  it('never shows what its environment holds', () => {
    expect(JSON.stringify(parse({ env: { KEY: 'canary-5b1f' } }))).not.toContain('canary')
  })

  it('is read without an exception and with whole numbers in bounds, whatever the reply holds', () => {
    const names = Object.keys(sampleLabPod())
    const more = [
      'idleMinutes',
      'maxHours',
      'startedAt',
      'gpus',
      'gpuUtilization',
      'ssh',
      'telemetry',
      'error',
    ]
    const entry = fc.dictionary(fc.constantFrom(...names, ...more, '__proto__'), fc.jsonValue())
    fc.assert(
      fc.property(entry, (fields) => {
        const pod = parsePod({ ...fields, _id: 'a' }, shipped)
        expect(pod?.id).toBe('a')
        expect(pod!.name.length).toBeLessThanOrEqual(200)
        expect(pod!.costPerHourUsd ?? 0).toBeGreaterThanOrEqual(0)
        expect(pod!.managed?.idleMinutes ?? 0).toBeGreaterThanOrEqual(0)
        expect(JSON.stringify(pod)).not.toContain('NaN')
      }),
    )
  })
})

describe('the price of a pod of a lab', () => {
  const price = (more: Record<string, unknown>) => {
    const { costPerHourUsd, isPriceApproximate } = parse({ hourlyCostUsd: undefined, ...more })
    return [costPerHourUsd, isPriceApproximate]
  }

  it('is what the server says, even if it is nothing', () => {
    expect(price({ hourlyCostUsd: 3.79 })).toEqual([3.79, undefined])
    expect(price({ hourlyCostUsd: 0 })).toEqual([0, undefined])
  })

  it('is that of the list for each GPU otherwise, and then approximate', () => {
    expect(price({ gpuType: 'H200 SXM' })).toEqual([4, true])
    expect(price({ gpuType: 'NVIDIA H100 80GB HBM3', gpuCount: 2 })).toEqual([5, true])
    expect(price({ gpuType: 'a100' })).toEqual([1.5, true])
    expect(price({ gpuType: 'A100-SXM4-80GB', hourlyCostUsd: -3 })).toEqual([1.5, true])
  })

  it('is unknown for a GPU that the list lacks, and for a pod that is off', () => {
    for (const gpuType of ['GH200', 'H2000', 'B200', 'A10', null])
      expect(price({ gpuType })).toEqual([null, undefined])
    expect(price({ status: 'stopped' })).toEqual([null, undefined])
    expect(price({ status: 'terminated' })).toEqual([null, undefined])
  })
})

describe('the disks of a pod of a lab', () => {
  it('include a volume that survives a stop where the reply gives its size', () => {
    expect(dataImpact(parse(), 'stop').map(({ impact, storage }) => [impact, storage])).toEqual([
      ['kept', 'volume'],
      ['lost', 'container-disk'],
    ])
  })

  it.each([undefined, null, 0, -1, '100'])('are unknown with the size %j', (volumeSize) => {
    const pod = parse({ volumeSize })
    expect(pod).toMatchObject({ persistentMount: null, areMountsKnown: false })
    expect(isDataKept(dataImpact(pod, 'stop'))).toBe(false)
  })
})

describe('the idle minutes of a pod of a lab', () => {
  it('are shown with the stop that the server plans after six hours', () => {
    expect(managed({ idleMinutes: 47 })).toMatchObject({ idleMinutes: 47, stopsAtMs: wallMs + 313 * 60_000 })
    expect(managed({ idle_minutes: 0 })).toMatchObject({ idleMinutes: 0, stopsAtMs: wallMs + hours(6) })
    expect(managed({ idleMinutes: 900 })).toMatchObject({ stopsAtMs: wallMs })
  })

  it.each([undefined, null, -1, '47', Number.NaN, Number.POSITIVE_INFINITY, []])(
    'are unknown if the reply has %j, which is not 0 and plans no stop',
    (idleMinutes) => expect(managed({ idleMinutes })).toMatchObject({ idleMinutes: null, stopsAtMs: null }),
  )

  it('are unknown for a pod that does not run', () => {
    for (const status of ['creating', 'stopped', 'terminated', 'paused'])
      expect(managed({ idleMinutes: 47, status })).toMatchObject({ idleMinutes: null, stopsAtMs: null })
  })
})

describe('the maximum runtime of a pod of a lab', () => {
  const end = (more: Record<string, unknown>) => managed(more)?.terminatesAtMs
  const createdAt = wallMs - hours(3)

  it('ends after the creation, or after the start where that is over already', () => {
    expect(end({ maxHours: 8, createdAt })).toBe(wallMs + hours(5))
    expect(end({ maxHours: 8, createdAt, startedAt: wallMs - hours(1) })).toBe(wallMs + hours(5))
    expect(end({ maxHours: 2, createdAt, startedAt: wallMs - hours(1) })).toBe(wallMs + hours(1))
  })

  it('ends when the reply says so, whatever its maximum', () => {
    expect(end({ maxHours: 8, createdAt, terminatesAt: wallMs + 5 })).toBe(wallMs + 5)
    expect(end({ terminates_at: '2026-11-24T13:00:00Z' })).toBe(wallMs + hours(1))
  })

  it.each([undefined, null, 0, -8, '8', 1e300])('has no end with %j hours', (maxHours) => {
    expect(end({ maxHours, createdAt })).toBeNull()
  })

  it('has no end where no time is known, where it is over, and once the pod is terminated', () => {
    expect(end({ maxHours: 8, createdAt: 'yesterday' })).toBeNull()
    expect(end({ maxHours: 2, createdAt })).toBeNull()
    expect(end({ maxHours: 8, createdAt, status: 'terminated' })).toBeNull()
  })
})

describe('the id at the cloud', () => {
  it.each(['runpodId', 'runpodPodId', 'runpod_pod_id', 'providerPodId', 'podId'])(
    'is read from %s',
    (name) => {
      expect(managed({ runpodPodId: undefined, [name]: 'abc' })?.cloudPodId).toBe('abc')
    },
  )

  it('is unknown at another cloud, for the pod’s own id, and for what is no id', () => {
    expect(managed({ provider: 'other' })?.cloudPodId).toBeNull()
    for (const runpodPodId of ['pod_abc123', '', 'a\u200bb', 7, null])
      expect(managed({ runpodPodId })?.cloudPodId).toBeNull()
  })
})

describe('the load of a pod of a lab', () => {
  const telemetry = (more: Record<string, unknown>) => parse(more).telemetry

  it('is unknown where the reply has none', () => expect(telemetry({})).toBeNull())

  it('is read for one GPU, each GPU, and from a part of the reply', () => {
    const [gpu, none] = [
      { utilPercent: 94.2, memoryUtilPercent: 40 },
      { cpuUtilPercent: null, memoryUtilPercent: null, uptimeS: null },
    ]
    expect(telemetry({ gpuUtilization: 94.2, gpuMemoryUtilization: 40 })).toEqual({ gpus: [gpu], ...none })
    expect(telemetry({ gpus: [{ utilization: 94.2, memory_utilization: 40 }, 'x'] })?.gpus).toEqual([
      gpu,
      { utilPercent: null, memoryUtilPercent: null },
    ])
    expect(telemetry({ metrics: { gpu_utilization: [94.2, 3], cpu_utilization: 12 } })).toMatchObject({
      gpus: [{ utilPercent: 94.2 }, { utilPercent: 3 }],
      cpuUtilPercent: 12,
    })
  })

  it('is unknown for a number that may be a share, since 0.94 could be a busy GPU', () => {
    expect(telemetry({ gpuUtilization: 0.94 })).toBeNull()
    expect(telemetry({ gpuUtilization: 1 })).toBeNull()
    expect(telemetry({ gpuUtilization: 0 })?.gpus).toEqual([{ utilPercent: 0, memoryUtilPercent: null }])
  })

  it.each(['94', null, Number.NaN, Number.POSITIVE_INFINITY, true])(
    'is unknown if it is %j',
    (gpuUtilization) => {
      expect(telemetry({ gpuUtilization })).toBeNull()
    },
  )

  it('is not that of a pod that does not run, and has a bounded number of GPUs', () => {
    expect(telemetry({ gpuUtilization: 50, status: 'stopped' })).toBeNull()
    expect(telemetry({ gpus: Array.from({ length: 1_000 }, () => ({ util: 5 })) })?.gpus).toHaveLength(64)
  })
})

describe('the SSH address of a pod of a lab', () => {
  const direct = (more: Record<string, unknown>) =>
    parse({ sshHost: null, sshPort: null, ...more }).ssh.direct
  const address = { host: '205.196.19.52', port: 11_452, username: 'root' }

  it('is read from its parts and from the documented command', () => {
    expect(direct({ ssh: { host: '205.196.19.52', port: 11_452, username: 'other' } })).toEqual(address)
    expect(direct({ sshCommand: 'ssh root@205.196.19.52 -p 11452' })).toEqual(address)
  })

  it.each([
    { sshHost: 'a b', sshPort: 22 },
    { sshHost: '-oProxyCommand=x', sshPort: 22 },
    { sshHost: 'host' },
    { sshHost: 'host', sshPort: 0 },
    { sshHost: 'host', sshPort: 70_000 },
    { sshHost: 'host', sshPort: '22; rm' },
    { sshCommand: 'ssh root@host -p 22; rm -rf /' },
    { sshCommand: 'ssh admin@host -p 22' },
  ])('is none for %j', (more) => expect(direct(more)).toBeNull())
})
