import { useEffect, useRef, useState } from 'react'
import type { AccountSshKeys } from '../../../shared/requests/pod/create-requests'
import { useFocusInPage } from '../../state/hooks/use-focus-in-page'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { SwitchRow } from './fields'
import { useNewPod } from '../state/new-pod-context'
import { sshText } from './fields-text'

/** SSH by the keys of the account; where it has none, one of this computer is offered. */
export function SshFields() {
  const { form, context, change } = useNewPod()
  const { hasSsh, hasOwnKey } = form
  const { sshKeyCount } = context
  const hint = sshText.keys(sshKeyCount)
  const field = useRef<HTMLDivElement>(null)
  const keepFocus = useFocusInPage(() => field.current?.querySelector('input') ?? null)
  return (
    <div data-field="hasSsh" ref={field} {...keepFocus}>
      <SwitchRow
        label={sshText.label}
        isOn={hasSsh}
        onChange={(isOn) => change({ hasSsh: isOn })}
        {...(!hasOwnKey && { hint })}
      />
      {hasSsh && (
        <SwitchRow
          label={sshText.ownKey}
          isOn={hasOwnKey}
          onChange={(isOn) => change({ hasOwnKey: isOn })}
          hint={sshText.ownKeyHint}
        />
      )}
      {hasSsh && !hasOwnKey && sshKeyCount === 0 && <KeyOffer />}
    </div>
  )
}

/** Registers a key of this computer, which main's own window confirms. */
function KeyOffer() {
  const { bridge, snapshotStore } = useWindow()
  const { accountId, catalog } = useNewPod()
  const runOnce = useSingleFlight()
  const [keys, setKeys] = useState<AccountSshKeys | null>(null)
  useEffect(() => {
    let isCurrent = true
    void bridge.accountSshKeys(accountId).then((answer) => {
      if (isCurrent && answer.ok) setKeys(answer.value)
    })
    return () => {
      isCurrent = false
    }
  }, [bridge, accountId])
  if (keys?.canRegister !== true) return null
  const known = keys.local.find(({ fingerprint, problem }) => fingerprint !== null && problem === null)
  const register = async (): Promise<void> => {
    const key =
      known ?? (await snapshotStore.runRequest(sshText.couldNotCreateKey, bridge.createSshKey())) ?? undefined
    if (key === undefined || key.fingerprint === null) return
    const registered = await snapshotStore.runRequest(
      sshText.couldNotRegister,
      bridge.registerSshKey(accountId, key.fingerprint, null),
    )
    if (registered === 'registered') catalog.refresh()
  }
  return (
    <div className="new-offer">
      <p>{sshText.noKey}</p>
      <Button onPress={() => runOnce(register)}>
        {known === undefined ? sshText.createAndRegister : sshText.register(known.name)}
      </Button>
    </div>
  )
}
