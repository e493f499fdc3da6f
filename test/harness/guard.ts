import type { AccountGuard, PodRules } from '../../src/core/pod-rules/pod-rules'
import type { Pod } from '../../src/core/pods/pod'
import type { Settings } from '../../src/core/settings/settings'
import { settle } from './clock'
import { createMonitorRig, livePod, type MonitorRig, type MonitorRigOptions } from './monitor'
import { pod, stoppedPod } from './pods'

/** An account of which `pod-1` is ticked, with these rules of its own. */
export const ticked = (rules: PodRules = {}): AccountGuard => ({
  autoStop: 'ticked',
  pods: { 'pod-1': { isAutoStopped: true, ...rules } },
})

/** Stops after an hour of quiet, warned half an hour and five minutes before, with a look every minute. */
export const soon: Partial<Settings> = { autoStopAfterMin: 60, pollActiveS: 60 }

/** A started monitor of one pod that does nothing, ticked unless said otherwise. */
export async function guarded(
  options: MonitorRigOptions & { readonly pod?: Partial<Pod> } = {},
): Promise<MonitorRig> {
  const rig = createMonitorRig({ guard: ticked(), settings: soon, ...options })
  if (options.pods === undefined) rig.provider.pods = [livePod(rig.clock, pod(options.pod))]
  obey(rig)
  rig.monitor.start()
  await settle()
  return rig
}

/** A list takes a moment, and a stop that is accepted takes effect at once. */
function obey({ provider, clock }: MonitorRig): void {
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
export const sentBy = ({ log }: MonitorRig): string[] =>
  log.filter((line) => /^(start|stop|restart|terminate) /.test(line))

export const titlesOf = ({ alerts }: MonitorRig, kind: string): string[] =>
  alerts.filter(({ key }) => key.kind === kind).map(({ title }) => title)

export const decisionsOf = ({ activity }: MonitorRig): string[] =>
  activity.filter(({ kind }) => kind === 'decision').map(({ text }) => text)

export const standingOf = ({ monitor }: MonitorRig) => monitor.snapshot().pods[0]?.guard.autoStop
