import type { Monitor } from '../../../core/monitor/monitor-types'
import { type HourlySaving, savingOfStop } from '../../../core/pods/data-impact'
import type { DemoView } from '../../../core/view/demo/demo-view'
import { momentAfter, momentSkipped, type MomentStep } from '../../../core/view/demo/idle-moment'

/** Follows the pod that sits idle as the demo opens, over every change of page: its step, and what its stop saves. */
export interface DemoIdlePod {
  view(monitor: Monitor | undefined): Pick<DemoView, 'idlePod'>
  /** The person goes on without doing what the step asks for. */
  skip(): void
}

export function createDemoIdlePod(podName: string): DemoIdlePod {
  let saving: HourlySaving | null = null
  let step: MomentStep = 'stop'
  return {
    view(monitor) {
      const pod = monitor?.snapshot().pods.find(({ name }) => name === podName)
      if (pod === undefined) return {}
      // Of a pod that is stopped, it isn't known any more.
      if (pod.phase === 'running') saving = savingOfStop(pod, pod.stopImpact)
      step = momentAfter(step, pod)
      return { idlePod: { key: pod.key, saving, step } }
    },
    skip() {
      step = momentSkipped(step)
    },
  }
}
