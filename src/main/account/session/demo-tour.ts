import { HOUR_MS } from '../../../core/base/time/time'
import type { Monitor } from '../../../core/monitor/monitor-types'
import { type HourlySaving, savingOfStop } from '../../../core/pods/data-impact'
import { tourAfter, tourSkipped, type TourStep } from '../../../core/view/demo/demo-tour'
import type { DemoTour } from '../../../core/view/demo/demo-view'
import type { PodView } from '../../../core/view/snapshot'
import type { Demo } from '../../../simulator/demo'

export interface DemoTourOptions {
  readonly podName: string
  readonly demo: Pick<Demo, 'makePodIdle' | 'time'>
  /** Undefined: the account isn't watched. */
  readonly monitor: () => Monitor | undefined
  /** How many times as fast as real time the demo's time runs from now on. */
  readonly setFactor: (factor: number) => void
}

/** The demo's tour, over every change of page. */
export interface DemoTourControl {
  /** Absent: its pod is gone. */
  view(): { readonly tour?: DemoTour }
  /** Looks at the pod; true where that changed what `view` says. */
  observe(): boolean
  /** The person goes on without doing what the step asks for. */
  skip(): void
  restart(): void
  /** Has the pod finish its work, and lets time pass until what the step waits for. */
  passTime(): void
  /** The person chose a speed. */
  keepSpeed(): void
}

/** A minute takes a second. */
const FAST_FACTOR = 60
/** An hour takes six seconds. */
const FASTEST_FACTOR = 600
const LEAST_SHOWN_USD = 0.01

export function createDemoTour({ podName, demo, monitor, setFactor }: DemoTourOptions): DemoTourControl {
  let saving: HourlySaving | null = null
  let savedUsd: number | null = null
  let step: TourStep = 'stop'
  /** Null: time passes as always. */
  let isPassed: ((pod: PodView) => boolean) | null = null

  const findPod = () =>
    monitor()
      ?.snapshot()
      .pods.find(({ name }) => name === podName)

  function view(): { readonly tour?: DemoTour } {
    const pod = findPod()
    if (pod === undefined) return {}
    return { tour: { key: pod.key, step, saving, savedUsd, isTimePassing: isPassed !== null } }
  }

  function endPassing(): void {
    if (isPassed === null) return
    isPassed = null
    setFactor(1)
  }

  return {
    view,
    observe() {
      const before = JSON.stringify(view())
      const pod = findPod()
      if (pod === undefined) endPassing()
      else {
        // Of a pod that is stopped, it isn't known any more.
        if (pod.phase === 'running') saving = savingOfStop(pod, pod.stopImpact)
        const next = tourAfter(step, pod)
        if (next !== step || isPassed?.(pod) === true) endPassing()
        step = next
        if (step === 'saved') savedUsd = shownUsd(monitor()?.costs(null)?.stops.saved.usd ?? null)
      }
      return JSON.stringify(view()) !== before
    },
    skip() {
      step = tourSkipped(step)
      endPassing()
    },
    restart() {
      step = 'stop'
      endPassing()
    },
    passTime() {
      const pod = findPod()
      if (pod === undefined || isPassed !== null) return
      if (step === 'saved') {
        const untilMs = demo.time.nowMs() + HOUR_MS
        isPassed = () => demo.time.nowMs() >= untilMs
        setFactor(FASTEST_FACTOR)
        return
      }
      demo.makePodIdle(pod.id)
      const wasPlanned = isStopPlanned(pod)
      isPassed = (now) =>
        step === 'watch'
          ? now.guard.keepOn !== null || (!wasPlanned && isStopPlanned(now))
          : now.activity.kind === 'idle'
      setFactor(FAST_FACTOR)
    },
    keepSpeed() {
      isPassed = null
    },
  }
}

const isStopPlanned = ({ guard }: PodView): boolean => guard.autoStop.kind === 'planned'

const shownUsd = (usd: number | null): number | null => (usd === null || usd < LEAST_SHOWN_USD ? null : usd)
