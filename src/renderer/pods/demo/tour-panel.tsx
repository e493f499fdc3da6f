import './demo-tour.css'
import { type ReactNode, useEffect, useRef } from 'react'
import type { TourStep } from '../../../core/view/demo/demo-tour'
import type { DemoTour } from '../../../core/view/demo/demo-view'
import type { PodView } from '../../../core/view/snapshot'
import type { DemoCommand } from '../../../shared/demo-commands'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { demoTourText } from './demo-tour-text'

/** The steps that are listed. A start that is needed is part of the automatic stop. */
const listedSteps = ['stop', 'undo', 'automatic', 'watch', 'saved'] as const

export interface TourStepProps {
  readonly pod: PodView
  readonly tour: DemoTour
}

/** Runs a command of the demo; a failure is shown as a toast. */
export function useTourCommand(): (command: DemoCommand) => void {
  const { bridge, snapshotStore } = useWindow()
  return (command) => void snapshotStore.runRequest(demoTourText.notDone, bridge.runDemoCommand(command))
}

interface TourPanelProps {
  readonly step: TourStep
  readonly title: string
  readonly amount: string | null
  readonly tone: 'idle' | 'ok'
  readonly note: string
  /** What to do about it. */
  readonly children?: ReactNode
}

/** A step of the tour: what is so, what to do about it, and *Skip*. */
export function TourPanel({ step, title, amount, tone, note, children }: TourPanelProps) {
  const command = useTourCommand()
  const section = useRef<HTMLElement>(null)
  const isFirst = useRef(true)
  const isTimePassing = useSnapshotStore(
    ({ wholeSnapshot }) => wholeSnapshot?.demo?.tour?.isTimePassing === true,
  )
  // What had the focus is gone with its step, which a keyboard would lose.
  useEffect(() => {
    if (!isFirst.current && document.activeElement === document.body)
      section.current?.focus({ preventScroll: true })
    isFirst.current = false
  }, [step, isTimePassing])
  const at = listedSteps.findIndex((one) => one === (step === 'start' ? 'watch' : step))
  return (
    <section className={`demo-tour ${tone}`} aria-label={demoTourText.label} tabIndex={-1} ref={section}>
      <div className="words" role={tone === 'ok' ? 'status' : undefined}>
        <p>{title}</p>
        {amount !== null && <p className="amount">{amount}</p>}
        <p>{isTimePassing ? demoTourText.timePasses[step === 'saved' ? 'hour' : 'minute'] : note}</p>
      </div>
      <div className="actions">
        {!isTimePassing && children}
        <Button kind="bare" onPress={() => command('skip-step')}>
          {step === 'saved' ? demoTourText.done : demoTourText.skip}
        </Button>
      </div>
      <ol className="tour-steps" aria-label={demoTourText.steps}>
        {listedSteps.map((one, index) => (
          <li
            key={one}
            className={index < at ? 'done' : ''}
            {...(index === at && { 'aria-current': 'step' as const })}
          >
            {demoTourText.stepNames[one]}
          </li>
        ))}
      </ol>
    </section>
  )
}
