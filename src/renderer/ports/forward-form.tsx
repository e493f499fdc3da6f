import { useState } from 'react'
import { parseTypedPort } from '../../core/ports/ports-view'
import type { PortForward } from '../../core/ports/port-forward'
import { Button } from '../ui/button'
import { FormField, SubmitByEnter } from '../ui/controls/form-field'
import { portsPageText } from './ports-text'

interface ForwardFormProps {
  readonly podName: string
  readonly onForward: (forward: PortForward) => void
}

/** Forwards a port by its number, to the same one here unless another is named. */
export function ForwardForm({ podName, onForward }: ForwardFormProps) {
  const [remote, setRemote] = useState('')
  const [local, setLocal] = useState('')
  const remotePort = parseTypedPort(remote)
  const localPort = local === '' ? remotePort : parseTypedPort(local)
  const submit = () => {
    if (remotePort === null || localPort === null) return
    onForward({ remotePort, localPort })
    setRemote('')
    setLocal('')
  }
  return (
    <form
      className="forward-form"
      aria-label={portsPageText.forwardAnother(podName)}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <FormField
        label={portsPageText.podPort}
        value={remote}
        onChange={setRemote}
        maxLength={5}
        placeholder="8888"
        problem={remote !== '' && remotePort === null ? portsPageText.invalid : null}
      />
      <FormField
        label={portsPageText.localPort}
        value={local}
        onChange={setLocal}
        maxLength={5}
        placeholder={portsPageText.sameHelp}
        problem={local !== '' && localPort === null ? portsPageText.invalid : null}
      />
      <Button
        label={portsPageText.forwardAnother(podName)}
        isDisabled={remotePort === null || localPort === null}
        onPress={submit}
      >
        {portsPageText.forward}
      </Button>
      <SubmitByEnter />
    </form>
  )
}
