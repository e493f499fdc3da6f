import { useEffect, useRef, useState } from 'react'
import type { LabKeyResult } from '../../shared/requests/account-requests'
import { useSettings } from '../state/hooks/use-settings'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Tick } from '../ui/controls/tick'
import { KeyForm } from './key-form'
import { keyFormText, connectText, labsText } from './connect-text'
import { providerName } from '../../core/settings/account-record'
import { failedKeyText } from './verdict-text'

type LabKeyAttempt = { readonly kind: 'none' | 'typed' | 'trying' } | LabKeyResult

/** Asks for a key of Hubify and lets a person choose which of its labs become accounts. */
export function HubifyConnect({ onAdded }: { readonly onAdded: () => void }) {
  const { bridge, snapshotStore } = useWindow()
  const [attempt, setAttempt] = useState<LabKeyAttempt>({ kind: 'none' })
  const isBusy = useRef(false)
  const keyHost = useSettings()?.labKeyHost ?? null
  // Who leaves without choosing leaves no key behind.
  useEffect(() => () => void bridge.addLabs([]), [bridge])
  const paste = async () => {
    if (isBusy.current) return
    isBusy.current = true
    setAttempt({ kind: 'trying' })
    const result = await snapshotStore.runRequest(keyFormText.couldNotCheck, bridge.pasteLabKey())
    isBusy.current = false
    setAttempt(result ?? { kind: 'none' })
  }
  const add = async (labIds: readonly string[]) => {
    const names = await snapshotStore.runRequest(labsText.couldNotAdd, bridge.addLabs(labIds))
    if (names === null) return
    snapshotStore.showToast('ok', labsText.added(names))
    onAdded()
  }
  const leave = () => {
    setAttempt({ kind: 'none' })
    void bridge.addLabs([])
  }
  if (attempt.kind === 'labs')
    return <LabChoice {...attempt} onAdd={(ids) => void add(ids)} onLeave={leave} />
  return (
    <KeyForm
      providerName={providerName('hubify')}
      verdict={{ kind: attempt.kind, text: attemptText(attempt) }}
      onPaste={() => void paste()}
      onTyped={() => {
        if (!isBusy.current) setAttempt({ kind: 'typed' })
      }}
      keysPage={{
        label: labsText.openHubify,
        open: () => void snapshotStore.runRequest(connectText.couldNotOpenPage, bridge.openPage('hubify')),
      }}
      hint={labsText.keyHint(keyHost)}
    />
  )
}

interface LabChoiceProps extends Extract<LabKeyResult, { kind: 'labs' }> {
  readonly onAdd: (labIds: readonly string[]) => void
  readonly onLeave: () => void
}

/** The labs of a key, those that are accounts already marked. */
function LabChoice({ labs, ending, host, onAdd, onLeave }: LabChoiceProps) {
  const free = labs.filter(({ isWatched }) => !isWatched).map(({ id }) => id)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(free.length === 1 ? free : []))
  const choose = (id: string, isChosen: boolean): void => {
    const next = new Set(chosen)
    if (isChosen) next.add(id)
    else next.delete(id)
    setChosen(next)
  }
  return (
    <>
      <p role="status">{labsText.keyWorks(ending, host)}</p>
      <ul className="labs" aria-label={labsText.labsOfKey}>
        {labs.map((lab, index) => (
          <li key={lab.id}>
            <Tick
              name={lab.name}
              autoFocus={index === 0}
              isSelected={lab.isWatched || chosen.has(lab.id)}
              isDisabled={lab.isWatched}
              onChange={(isChosen) => choose(lab.id, isChosen)}
            >
              {labsText.state(lab)}
            </Tick>
          </li>
        ))}
      </ul>
      <div className="actions">
        <Button
          kind="primary"
          whyNot={chosen.size === 0 ? labsText.selectFirst : null}
          onPress={() => onAdd([...chosen])}
        >
          {labsText.add(chosen.size)}
        </Button>
        <Button onPress={onLeave}>{labsText.useAnotherKey}</Button>
      </div>
      {free.length === 0 && <p className="hint">{labsText.allAdded}</p>}
    </>
  )
}

function attemptText(attempt: Exclude<LabKeyAttempt, { kind: 'labs' }>): string {
  switch (attempt.kind) {
    case 'none':
      return ''
    case 'typed':
      return keyFormText.typed(providerName('hubify'))
    case 'trying':
      return keyFormText.checking
    case 'refused':
    case 'not-a-key':
    case 'undecided':
      return failedKeyText(attempt)
  }
}
