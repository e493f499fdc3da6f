import type { Monitor } from '../../../core/monitor/monitor-types'
import { dataImpact, type HourlySaving, savingOfStop } from '../../../core/pods/data-impact'
import { podKeyOf } from '../../../core/pods/pod'
import type { DemoView } from '../../../core/view/demo/demo-view'
import { DEMO_ID } from './demo-entry'

/** Follows the pod that sits idle as the demo opens: what its stop saves is known while it runs, and kept after it. */
export function createIdlePodView(
  podName: string,
): (monitor: Monitor | undefined) => Pick<DemoView, 'idlePod'> {
  let saving: HourlySaving | null = null
  return (monitor) => {
    const pod = monitor?.accountPods().pods.find(({ name }) => name === podName)
    if (pod === undefined) return {}
    if (pod.phase === 'running') saving = savingOfStop(pod, dataImpact(pod, 'stop'))
    return { idlePod: { key: podKeyOf(DEMO_ID, pod.id), saving } }
  }
}
