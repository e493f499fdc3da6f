import { expect, test } from 'vitest'
import type { DoctorCheckId, DoctorLine, DoctorVerdict } from '../../src/core/doctor/doctor-line'
import { runDoctor } from '../../src/core/doctor/run-doctor'
import type { Pod } from '../../src/core/pods/pod'
import type { Provider } from '../../src/core/pods/provider'
import { createFakeClock, type FakeClock, START_MS } from '../harness/base/fake-clock'
import { readFixture, recordingNames, replay } from '../harness/simulator/recordings'

/*
 * What Runpod is described to answer, played through the real provider, and what must be read of it. A recording that a
 * user sends is added here as a file and a line.
 */

const noKeys = async () => ({ usable: 0, matching: 0, cantTell: 0 })

/** The answers of a quick check, which no time passes in. */
async function check(provider: Provider, clock: FakeClock): Promise<readonly DoctorLine[]> {
  const running = runDoctor({
    provider,
    providerName: 'Runpod',
    clock,
    isQuick: true,
    compareKeys: noKeys,
    computerChecks: [],
    onLine: () => {},
    onProgress: () => {},
  })
  return running.done
}

interface Expected {
  /** Of the pods in the list. */
  readonly pods: readonly Partial<Pod>[] | null
  /** The answers that are not "ok" or whose text matters. */
  readonly lines: Partial<Record<DoctorCheckId, readonly [DoctorVerdict, RegExp]>>
}

const full = { gpus: [{ utilPercent: 0, memoryUtilPercent: 2 }], cpuUtilPercent: 3, memoryUtilPercent: 11 }

const expected: Record<string, Expected> = {
  'running-without-container': {
    pods: [{ phase: 'running', telemetry: null, costPerHourUsd: 0.69, ssh: { direct: null, proxy: null } }],
    lines: {
      'list-figures': ['not-checked', /None yet: its container may still be starting/],
      logs: ['ok', /first lines came within/],
    },
  },
  'failed-pull': {
    pods: [{ phase: 'running', telemetry: null, startedAtMs: START_MS - 59_000 }],
    lines: { 'list-figures': ['not-checked', /None yet/], logs: ['ok', /first lines/] },
  },
  'bare-list': {
    pods: [
      {
        phase: 'running',
        telemetry: { gpus: [], cpuUtilPercent: null, memoryUtilPercent: null, uptimeS: 3_600 },
      },
    ],
    lines: {
      'list-figures': [
        'warning',
        /^Uptime, ports\. Missing: GPU, CPU, memory\. Only the single pod has GPU, CPU, memory, so/,
      ],
      'pod-figures': ['ok', /^Uptime, GPU, CPU, memory, ports\.$/],
    },
  },
  'refresh-every-90-s': {
    pods: [{ telemetry: { ...full, uptimeS: 3_600 } }],
    lines: { 'list-figures': ['ok', /Uptime, GPU/], cadence: ['not-checked', /quick/] },
  },
  'partial-graphql': {
    pods: [{ phase: 'running' }],
    lines: {
      balance: ['warning', /The balance can be read, but not the rest\. Your key has no permission to read/],
    },
  },
  'negative-uptime': {
    pods: [{ phase: 'running', telemetry: expect.objectContaining({ gpus: [], uptimeS: null }) }],
    lines: { 'list-figures': ['problem', /None: uptime, GPU, CPU, memory are missing/] },
  },
  'gpu-figures-only': {
    pods: [{ telemetry: { ...full, cpuUtilPercent: null, memoryUtilPercent: null, uptimeS: 3_600 } }],
    lines: { 'list-figures': ['warning', /Missing: CPU, memory\.$/] },
  },
  'zero-gpus': {
    pods: [{ gpu: { name: 'GeForce RTX 4090', count: 0 }, costPerHourUsd: 0.69 }],
    lines: { 'list-figures': ['ok', /^Uptime, CPU, memory, ports\.$/] },
  },
  'restricted-key': {
    pods: [{ phase: 'running' }],
    lines: {
      key: ['ok', /accepts the key/],
      balance: [
        'warning',
        /^The query for the balance was refused: access denied \(text-1\)\. You aren’t warned/,
      ],
      billing: ['warning', /no permission to read bills \(403\)/],
      catalog: ['warning', /no permission to read the catalog \(403\)/],
      limits: ['warning', /no permission to read account limits \(403\)/],
      logs: ['warning', /no permission to read logs \(403\)/],
      'ssh-keys': ['warning', /no permission to read SSH keys \(403\)/],
      'list-figures': ['ok', /GPU/],
    },
  },
  'cloudflare-refusal': {
    pods: null,
    lines: { key: ['problem', /Something else answered in place of the API, so the key wasn’t checked/] },
  },
  'no-figures': {
    pods: [{ telemetry: null }, { telemetry: null }],
    lines: {
      'list-figures': ['problem', /None: uptime, GPU, CPU, memory are missing\..*can’t be told/],
      cadence: ['not-checked', /quick/],
    },
  },
}

test('each recording says where it comes from, and what is expected of it', () => {
  expect([...recordingNames].sort()).toEqual(Object.keys(expected).sort())
  for (const name of recordingNames) expect(readFixture(name).source.length).toBeGreaterThan(40)
})

test.each(recordingNames)('%s is read as it must be', async (name) => {
  const { pods, lines } = expected[name]!
  const clock = createFakeClock()
  const provider = await replay(readFixture(name), clock)
  const list = await provider.listPods()
  if (pods === null) expect(list).toMatchObject({ ok: false, error: { kind: 'unreadable', status: 403 } })
  else expect(list).toMatchObject({ ok: true, value: { isComplete: true, pods } })
  const answers = new Map((await check(provider, clock)).map((line) => [line.id, line]))
  for (const [id, [verdict, text]] of Object.entries(lines))
    expect(answers.get(id as DoctorCheckId)).toMatchObject({
      verdict,
      text: expect.stringMatching(text) as string,
    })
})

test('a recording goes on with the time, keeps its last reply, and refuses actions', async () => {
  const clock = createFakeClock()
  const provider = await replay(readFixture('refresh-every-90-s'), clock)
  const uptimes: (number | null | undefined)[] = []
  for (let second = 0; second <= 600; second += 60) {
    const list = await provider.listPods()
    uptimes.push(list.ok ? list.value.pods[0]?.telemetry?.uptimeS : undefined)
    clock.advance(60_000)
  }
  expect(uptimes).toEqual([3600, 3600, 3690, 3780, 3780, 3870, 3960, 3960, 3960, 3960, 3960])
  expect(await provider.act('pod-1', 'stop')).toMatchObject({
    ok: false,
    error: { kind: 'forbidden', message: expect.stringContaining('This is a recording') as string },
  })
  // What was not recorded is no answer, so nothing is concluded from it.
  expect(await provider.getPod('pod-9')).toMatchObject({ ok: false, error: { kind: 'unreachable' } })
})
