import '../ui/first-run.css'
import { DoneStep } from './done-step'
import { StepBar } from '../ui/step-bar'
import type { FollowUpStep } from './use-first-run'
import { WatchStep } from './watch-step'

interface FirstRunProps {
  readonly step: FollowUpStep | null
  readonly onStep: (step: 'done' | null) => void
}

/** The first-run steps after the key was accepted. */
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
