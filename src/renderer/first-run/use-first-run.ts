import { useState } from 'react'
import { useWindow } from '../state/window-context'

export type LaterStep = 'watch' | 'done'

/** The steps after the key, in the window where it was pasted: only for an account whose owner was never asked. */
export function useFirstRun() {
  const { bridge, mirror } = useWindow()
  const [step, setStep] = useState<LaterStep | null>(null)
  /** A key was accepted. What the app knows now decides, not the picture that this window still has. */
  const begin = async (): Promise<void> => {
    const snapshot = await mirror.report('Podkeeper could not be read', bridge.snapshot())
    const mustAsk = snapshot?.account !== null && snapshot?.guard.autoStop === 'undecided'
    setStep(mustAsk ? 'watch' : null)
  }
  return { step, setStep, begin }
}
