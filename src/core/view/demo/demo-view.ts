import type { HourlySaving } from '../../pods/data-impact'
import type { PodId, PodKey } from '../../pods/pod'
import type { MomentStep } from './idle-moment'

/** What windows know of the demo besides its account. */
export interface DemoView {
  readonly clock: DemoClockView
  /** Null: no tour is under way. */
  readonly tour: DemoTour | null
  /** The pod that sits idle as the demo opens. Absent: it is gone. */
  readonly idlePod?: {
    readonly key: PodKey
    /** What its stop saves, or saved; null: not known. */
    readonly saving: HourlySaving | null
    readonly step: MomentStep
  }
}

/** At `realMs` it was `demoMs` in the demo (both Unix ms), whose time runs `factor` times as fast as real time. */
export interface DemoClockView {
  readonly realMs: number
  readonly demoMs: number
  readonly factor: number
}

/** The time in the demo, Unix ms. */
export const demoNowMs = ({ realMs, demoMs, factor }: DemoClockView, realNowMs: number): number =>
  demoMs + (realNowMs - realMs) * factor

/** What the tour shows, in this order. */
export const tourSteps = ['working', 'idle', 'alerted', 'warned', 'stopped', 'saved'] as const
export type TourStep = (typeof tourSteps)[number]

/** A pod on its way from work to an automatic stop. */
export interface DemoTour {
  readonly podId: PodId
  readonly podName: string
  /** The last one that was observed. */
  readonly step: TourStep
  /** What holds it up: the pod is kept running, is gone, or was stopped by the person. */
  readonly obstacle: 'kept-on' | 'gone' | 'stopped-by-hand' | null
  /** Saved since the stop, USD; null before. */
  readonly savedUsd: number | null
}
