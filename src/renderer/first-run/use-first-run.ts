import { useState } from 'react'
import type { KeyCheckResult } from '../../shared/ipc'
import { useWindow } from '../state/window-context'

export type FollowUpStep = 'watch' | 'done'

/** The steps after the key, in the window where it was pasted: only for an account whose owner was never asked. */
export function useFirstRun() {
  const { bridge, snapshotStore } = useWindow()
  const [step, setStep] = useState<FollowUpStep | null>(null)
  const [isTrying, setTrying] = useState(false)

  /** Has the app try the key of the clipboard; null: it could not. Once one is accepted the first step follows. */
  const tryKey = async (): Promise<KeyCheckResult | null> => {
    setTrying(true)
    const verdict = await snapshotStore.runRequest('The key was not tried', bridge.pasteKey())
    // What the app knows now decides, not the picture that this window still has.
    const freshSnapshot =
      verdict?.kind === 'accepted' ? await snapshotStore.runRequest('Not read', bridge.snapshot()) : null
    setStep(
      freshSnapshot !== null && freshSnapshot.account !== null && freshSnapshot.guard.autoStop === 'undecided'
        ? 'watch'
        : null,
    )
    setTrying(false)
    return verdict
  }
  return { step, setStep, isTrying, tryKey }
}
