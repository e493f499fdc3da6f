import { expect, it } from 'vitest'
import type { GuardReport } from '../../src/core/pod-guard/guard-report'
import type { GuardReply } from '../../src/core/pod-guard/pod-guard-host'
import { createPodGuardHost } from '../../src/ssh/run/pod-guard-host'
import { laptop } from '../harness/guard/guard-report'
import { sendPodAction } from '../harness/simulator/simulator-fixture'
import { startSimulatedJobPod } from '../harness/queue/simulated-job-pod'

const settings = '3600 0 1 5 yes /workspace/.podkeeper/jobs'
const plan = { guard: 'x', settings, deadlineS: 0, keepS: 0, isFresh: false, takesLease: true }

function reportOf(reply: GuardReply): GuardReport {
  if (!reply.ok || reply.value === 'absent') throw new Error(JSON.stringify(reply))
  return reply.value
}

it.each(['direct', 'proxy'] as const)(
  'a simulated pod is stopped by its guard while nobody asks, which it tells after its next start (%s route)',
  async (route) => {
    const { pod, simulator, clock, reopen, ssh } = await startSimulatedJobPod(route)
    const guards = createPodGuardHost('a', ssh.runCommand, () => laptop)
    const status = () => simulator.pod('p')['status']
    expect(await guards.read(pod, false)).toEqual({ ok: true, value: 'absent' })
    const installed = reportOf(await guards.install(pod, plan))
    expect(installed).toMatchObject({ isAlive: true, settings, status: { isArmed: true, hold: 'lease' } })
    await guards.change(pod, 'keep', 7_200)
    expect(reportOf(await guards.read(pod, false)).status).toMatchObject({ hold: 'keep' })
    clock.advanceS(7_000)
    expect(status()).toBe('RUNNING')
    await guards.change(pod, 'keep', 0)
    clock.advanceS(1_700)
    expect(status()).toBe('RUNNING')
    // The computer sleeps for a night.
    clock.advanceS(9 * 3_600)
    expect(status()).toBe('EXITED')

    // A started pod publishes its port again when it likes.
    if (route === 'direct') return
    await sendPodAction(simulator, 'p', 'start')
    clock.advanceS(900)
    const again = await reopen()
    const morning = reportOf(await guards.read(again, false))
    expect(morning).toMatchObject({ isAlive: false, status: null, previous: { stopping: { cause: 'idle' } } })
    expect(reportOf(await guards.install(again, plan))).toMatchObject({ isAlive: true })
    clock.advanceS(60)
    expect(status()).toBe('RUNNING')
    expect(await guards.remove(again)).toEqual({ ok: true, value: undefined })
    clock.advanceS(9 * 3_600)
    expect(status()).toBe('RUNNING')
  },
)

it('a simulated pod is stopped at its deadline, or when its guard is asked to, and never without consent', async () => {
  const { pod, simulator, clock, ssh } = await startSimulatedJobPod()
  const guards = createPodGuardHost('a', ssh.runCommand, () => laptop)
  const status = () => simulator.pod('p')['status']
  await guards.install(pod, {
    ...plan,
    settings: settings.replace('yes', 'no'),
    deadlineS: 600,
    takesLease: false,
  })
  clock.advanceS(20 * 3_600)
  expect(status()).toBe('RUNNING')
  expect(reportOf(await guards.read(pod, false)).status).toMatchObject({ hold: 'report' })
  await guards.change(pod, 'stop-now', 600)
  clock.advanceS(120)
  expect(status()).toBe('EXITED')
})
