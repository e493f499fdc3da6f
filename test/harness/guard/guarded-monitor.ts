import type { AccountRules, PodRules } from '../../../src/core/pod-rules/pod-rules'
import type { Pod } from '../../../src/core/pods/pod'
import type { Settings } from '../../../src/core/settings/settings'
import { flushPromises } from '../base/fake-clock'
import {
  createMonitorFixture,
  type MonitorFixture,
  type MonitorFixtureOptions,
  podWithFreshTelemetry,
} from '../monitor/monitor-fixture'
import { pod, stoppedPod } from '../samples/pods'

/** An account in which `pod-1` is selected, with these rules of its own. */
export const ticked = (rules: PodRules = {}): AccountRules => ({
  autoStop: 'ticked',
  pods: { 'pod-1': { isAutoStopped: true, ...rules } },
})

/** Stops after an hour of quiet, with warnings half an hour and five minutes before, polling every minute. */
export const oneHourAutoStop: Partial<Settings> = { autoStopAfterMin: 60, pollActiveS: 60 }

/** A started monitor of one pod that does nothing and is selected by default. */
export async function startGuardedMonitor(
  options: MonitorFixtureOptions & { readonly pod?: Partial<Pod> } = {},
): Promise<MonitorFixture> {
  const fixture = createMonitorFixture({ guard: ticked(), settings: oneHourAutoStop, ...options })
  if (options.pods === undefined)
    fixture.provider.pods = [podWithFreshTelemetry(fixture.clock, pod(options.pod))]
  scriptProvider(fixture)
  fixture.monitor.start()
  await flushPromises()
  return fixture
}

/** A list takes a moment, and an accepted stop takes effect immediately. */
function scriptProvider({ provider, clock }: MonitorFixture): void {
  const original = { ...provider }
  provider.listPods = async () => {
    const reply = await original.listPods()
    clock.advance(1)
    return reply
  }
  provider.act = async (id, action) => {
    const reply = await original.act(id, action)
    if (reply.ok && action === 'stop')
      provider.pods = provider.pods.map((one) => (one.id === id ? stoppedPod({ id, name: one.name }) : one))
    return reply
  }
}

/** The actions that were sent to the provider. */
export const actionsSentBy = ({ log }: MonitorFixture): string[] =>
  log.filter((line) => /^(start|stop|restart|terminate) /.test(line))

export const alertTitlesOf = ({ alerts }: MonitorFixture, kind: string): string[] =>
  alerts.filter(({ key }) => key.kind === kind).map(({ title }) => title)

export const decisionTextsOf = ({ auditEntries }: MonitorFixture): string[] =>
  auditEntries.filter(({ kind }) => kind === 'decision').map(({ text }) => text)

export const stopStatusOf = ({ monitor }: MonitorFixture) => monitor.snapshot().pods[0]?.guard.autoStop
