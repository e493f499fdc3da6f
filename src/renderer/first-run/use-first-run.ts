import { useState } from 'react'
import { showAccount } from '../../core/view/merge-snapshots'
import type { KeyCheckResult } from '../../shared/ipc'
import { useWindow } from '../state/window-context'

export type FollowUpStep = 'watch' | 'done'

/** The steps after the key, in the window where it was pasted; only for an account that was never set up. */
export function useFirstRun() {
  const { bridge, snapshotStore } = useWindow()
  const [step, setStep] = useState<FollowUpStep | null>(null)
  const [isTrying, setTrying] = useState(false)

  /** Has the app check the key in the clipboard; null on failure. An accepted key opens the first step. */
  const tryKey = async (): Promise<KeyCheckResult | null> => {
    setTrying(true)
    const verdict = await snapshotStore.runRequest('The key was not tried', bridge.pasteKey())
    if (verdict?.kind === 'accepted') snapshotStore.showAccount(verdict.accountId)
    // The window's own snapshot may predate the new key, so a fresh one decides.
    const freshSnapshot =
      verdict?.kind === 'accepted' ? await snapshotStore.runRequest('Not read', bridge.snapshot()) : null
    const own =
      freshSnapshot !== null && verdict?.kind === 'accepted'
        ? showAccount(freshSnapshot, verdict.accountId)
        : null
    setStep(
      own?.account != null &&
        // An account that may be an earlier one may have rules already.
        own.account.earlierKeyEnding === undefined &&
        own.guard.autoStop === 'undecided'
        ? 'watch'
        : null,
    )
    setTrying(false)
    return verdict
  }
  return { step, setStep, isTrying, tryKey }
}
