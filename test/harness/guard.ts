import type { AccountRules, PodRules } from '../../src/core/pod-rules/pod-rules'
import type { Pod } from '../../src/core/pods/pod'
import type { Settings } from '../../src/core/settings/settings'
import { flushPromises } from './clock'
import { createMonitorFixture, podWithFreshTelemetry, type MonitorFixture, type MonitorFixtureOptions } from './monitor'
import { pod, stoppedPod } from './pods'

/** An account of which `pod-1` is ticked, with these rules of its own. */
export const ticked = (rules: PodRules = {}): AccountRules => ({
  autoStop: 'ticked',
  pods: { 'pod-1': { isAutoStopped: true, ...rules } },
})

/** Stops after an hour of quiet, warned half an hour and five minutes before, with a look every minute. */
export const soon: Partial<Settings> = { autoStopAfterMin: 60, pollActiveS: 60 }

/** A started monitor of one pod that does nothing, ticked unless said otherwise. */
export async function guarded(
  options: MonitorFixtureOptions & { readonly pod?: Partial<Pod> } = {},
): Promise<MonitorFixture> {
  const rig = createMonitorFixture({ guard: ticked(), settings: soon, ...options })
  if (options.pods === undefined) rig.provider.pods = [podWithFreshTelemetry(rig.clock, pod(options.pod))]
  obey(rig)
  rig.monitor.start()
  await flushPromises()
  return rig
}

/** A list takes a moment, and a stop that is accepted takes effect at once. */
function obey({ provider, clock }: MonitorFixture): void {
  const before = { ...provider }
  provider.listPods = async () => {
    const reply = await before.listPods()
    clock.advance(1)
    return reply
  }
  provider.stopPod = async (id) => {
    const reply = await before.stopPod(id)
    if (reply.ok)
      provider.pods = provider.pods.map((one) => (one.id === id ? stoppedPod({ id, name: one.name }) : one))
    return reply
  }
}

/** What was sent to the provider that changes something. */
export const sentBy = ({ log }: MonitorFixture): string[] =>
  log.filter((line) => /^(start|stop|restart|terminate) /.test(line))

export const titlesOf = ({ alerts }: MonitorFixture, kind: string): string[] =>
  alerts.filter(({ key }) => key.kind === kind).map(({ title }) => title)

export const decisionsOf = ({ auditEntries }: MonitorFixture): string[] =>
  auditEntries.filter(({ kind }) => kind === 'decision').map(({ text }) => text)

export const standingOf = ({ monitor }: MonitorFixture) => monitor.snapshot().pods[0]?.guard.autoStop
