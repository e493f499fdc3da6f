import '../ui/first-run.css'
import { DoneStep } from './done-step'
import { StepBar } from '../ui/step-bar'
import type { LaterStep } from './use-first-run'
import { WatchStep } from './watch-step'

interface FirstRunProps {
  readonly step: LaterStep | null
  readonly onStep: (step: 'done' | null) => void
}

/** What follows the key the first time: what the guard may do, and whether its word arrives. */
export function FirstRun({ step, onStep }: FirstRunProps) {
  if (step === null) return null
  return (
    <section className="connect first-run">
      <StepBar step={step} />
      {step === 'watch' ? (
        <WatchStep onDone={() => onStep('done')} onSkip={() => onStep(null)} />
      ) : (
        <DoneStep onDone={() => onStep(null)} />
      )}
    </section>
  )
}
