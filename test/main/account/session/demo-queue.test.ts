import { expect, onTestFinished, test, vi } from 'vitest'
import { SECOND_MS } from '../../../../src/core/base/time/time'
import { createVirtualClock } from '../../../../src/core/base/time/virtual-clock'
import type { AccountId } from '../../../../src/core/pods/pod'
import type { HostOf } from '../../../../src/core/queue/queue-ports'
import { createDemoQueue } from '../../../../src/main/account/session/demo-queue'
import { createJobHost } from '../../../../src/ssh/jobs/job-host'
import { type Bench, bench, connected } from '../../../harness/data-folder/account-session-fixture'
import { createFakeClock } from '../../../harness/base/fake-clock'
import { createSshClient } from '../../../harness/ssh/ssh-client'

/** A session whose demo runs jobs over the real SSH of its simulated pods. */
function demoBench(): Bench & {
  readonly accountKeys: ReadonlyMap<AccountId, string>
  readonly problems: readonly string[]
} {
  const accountKeys = new Map<AccountId, string>()
  const { ssh, problems } = createSshClient({ accountKey: (id) => accountKeys.get(id) ?? null })
  const jobHostOf: HostOf = (accountId) =>
    createJobHost(accountId, { runCommand: ssh.runCommand, openScript: ssh.openScript })
  return { ...bench({ accountKeys, podAccess: { jobHostOf } }), accountKeys, problems }
}

const jobNamed = ({ session }: Bench, name: string) =>
  session.snapshot().queue?.jobs.find(({ spec }) => spec.name === name)
const states = ({ session }: Bench) =>
  Object.fromEntries((session.snapshot().queue?.jobs ?? []).map(({ spec, state }) => [spec.name, state]))

test('the demo has a queue whose jobs really run in its pods, and nothing of it is left afterwards', async () => {
  const b = demoBench()
  const ofFolder = b.folderHost.queue.view()
  expect(b.session.snapshot().queue).toEqual(ofFolder)
  await b.session.startDemo()
  await connected(b.session)
  expect([...b.accountKeys.keys()]).toEqual(['demo', 'demo-lab'])
  await vi.waitFor(() => expect(states(b)['sft-epoch-3']).toBe('running'))
  expect(jobNamed(b, 'sft-epoch-3')?.run?.podName).toBe('llama-70b-sft')
  // In real time the first ones take about half a minute.
  b.session.runDemoCommand('speed-60')
  await vi.waitFor(() =>
    expect(states(b)).toMatchObject({
      'planck-chain-12': 'passed',
      'sdxl-lora-06': 'failed',
      'planck-chain-13': 'queued',
      'sdxl-lora-07': 'queued',
      'eval-mmlu-b': 'queued',
    }),
  )
  expect(jobNamed(b, 'sdxl-lora-06')?.run).toMatchObject({ podName: 'comfy-scratch', exitCode: 1 })
  expect(jobNamed(b, 'planck-chain-13')?.usuallyTakesMs).toBeGreaterThan(0)
  const queue = b.session.demoQueue()
  const log = await queue?.requests.jobLog(jobNamed(b, 'sdxl-lora-06')?.id ?? '', 0, 10_000)
  expect(log).toMatchObject({ ok: true, value: { text: expect.stringContaining('CUDA out of memory') } })
  expect(b.entries()).toContain('Job planck-chain-12 finished.')

  // A pod that is idle and fits takes the next job, which really runs, too.
  const planck = b.session.snapshot().pods.find(({ name }) => name === 'mcmc-planck')?.key ?? '/'
  expect(await queue?.requests.runNextJob(planck)).toMatchObject({ ok: true })
  await vi.waitFor(() => expect(states(b)['planck-chain-13']).toBe('passed'))
  expect(jobNamed(b, 'planck-chain-13')?.run?.podKey).toBe(planck)

  await b.session.leaveDemo()
  expect([b.session.demoQueue(), b.session.snapshot().queue, b.accountKeys.size]).toEqual([null, ofFolder, 0])
  expect(b.problems).toEqual([])
})

test('jobs of the demo start at any speed, and a demo that is started anew has a new queue', async () => {
  const b = demoBench()
  await b.session.startDemo()
  b.session.runDemoCommand('speed-600')
  await vi.waitFor(() => expect(states(b)['sft-epoch-3']).toBe('passed'))
  await b.session.startDemo()
  await connected(b.session)
  expect(states(b)['planck-chain-13']).toBe('queued')
  expect(states(b)['sft-epoch-3']).not.toBe('passed')
})

test('the queue of the demo looks at its pods soon after fast time ended', async () => {
  const real = createFakeClock()
  const time = { factor: 600, nowMs: () => real.now().wallMs }
  const clock = createVirtualClock(time, real)
  let looks = 0
  const queue = createDemoQueue({
    clock,
    realClock: real,
    time,
    accounts: () => {
      looks += 1
      return []
    },
    hostOf: () => {
      throw new Error('There is no pod.')
    },
    record: () => {},
    report: () => {},
  })
  queue.start()
  onTestFinished(() => queue.dispose())
  time.factor = 1
  clock.onFactorChange()
  const before = looks
  await real.advanceAsync(5 * SECOND_MS)
  expect(looks).toBeGreaterThan(before)
})
