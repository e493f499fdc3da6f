import { useState } from 'react'
import { showAccount } from '../../core/view/merge-snapshots'
import type { AccountId } from '../../core/pods/pod'
import type { KeyCheckResult } from '../../shared/account-requests'
import { useWindow } from '../state/window-context'

export type FollowUpStep = 'watch' | 'done'

/** The steps after the key, in the window where it was pasted; only for an account that was never set up. */
export function useFirstRun() {
  const { bridge, snapshotStore } = useWindow()
  const [step, setStep] = useState<FollowUpStep | null>(null)
  const [isTrying, setTrying] = useState(false)
  /** What was shown before; null: all accounts. */
  const [previousId, setPreviousId] = useState<AccountId | null>(null)

  /** Has the app check the key in the clipboard; null on failure. An accepted key opens the first step. */
  const tryKey = async (): Promise<KeyCheckResult | null> => {
    setTrying(true)
    const verdict = await snapshotStore.runRequest('The key was not tried', bridge.pasteKey())
    // The window's own snapshot may predate the new key, so a fresh one decides.
    const freshSnapshot =
      verdict?.kind === 'accepted' ? await snapshotStore.runRequest('Not read', bridge.snapshot()) : null
    const own =
      freshSnapshot !== null && verdict?.kind === 'accepted'
        ? showAccount(freshSnapshot, verdict.accountId)
        : null
    const isSetUpNext =
      own?.account != null &&
      // An account that may be an earlier one may have rules already.
      own.account.earlierKeyEnding === undefined &&
      own.guard.autoStop === 'undecided'
    // The steps are about that account only.
    if (isSetUpNext) {
      setPreviousId(snapshotStore.store.getState().chosenAccountId)
      snapshotStore.showAccount(own.account.id)
    }
    setStep(isSetUpNext ? 'watch' : null)
    setTrying(false)
    return verdict
  }
  const goTo = (next: FollowUpStep | null): void => {
    if (step !== null && next === null) snapshotStore.showAccount(previousId)
    setStep(next)
  }
  return { step, setStep: goTo, isTrying, tryKey }
}
