import type { HourlySaving } from '../../pods/data-impact'
import type { PodKey } from '../../pods/pod'
import type { TourStep } from './demo-tour'

/** What windows know of the demo besides its account. */
export interface DemoView {
  readonly clock: DemoClockView
  /** Absent: its pod is gone. */
  readonly tour?: DemoTour
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

/** A tour of what the person does with the pod that sits idle as the demo opens. */
export interface DemoTour {
  readonly key: PodKey
  readonly step: TourStep
  /** What its stop saves, or saved; null: not known. */
  readonly saving: HourlySaving | null
  /** What automatic stops have saved, USD; null: not known, or nothing yet. */
  readonly savedUsd: number | null
  /** The person lets time pass until the step is over. */
  readonly isTimePassing: boolean
}
