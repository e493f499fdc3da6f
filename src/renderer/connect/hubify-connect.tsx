import { useEffect, useRef, useState } from 'react'
import { Checkbox } from 'react-aria-components'
import type { LabKeyResult, OfferedLab } from '../../shared/account-requests'
import { useSettings } from '../state/use-settings'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Icon } from '../ui/icon'
import { KeyForm, takingKeyText, TRYING, typedText } from './key-form'
import { failedKeyText } from './verdict-text'

type Attempt = { readonly kind: 'none' | 'typed' | 'trying' } | LabKeyResult

/** Asks for a key of Hubify and lets a person choose which of its labs become accounts. */
export function HubifyConnect({ onAdded }: { readonly onAdded: () => void }) {
  const { bridge, snapshotStore } = useWindow()
  const [attempt, setAttempt] = useState<Attempt>({ kind: 'none' })
  const isBusy = useRef(false)
  const keyHost = useSettings()?.labKeyHost ?? null
  // Who leaves without choosing leaves no key behind.
  useEffect(() => () => void bridge.addLabs([]), [bridge])
  const paste = async () => {
    if (isBusy.current) return
    isBusy.current = true
    setAttempt({ kind: 'trying' })
    const result = await snapshotStore.runRequest('Couldn’t check the key', bridge.pasteLabKey())
    isBusy.current = false
    setAttempt(result ?? { kind: 'none' })
  }
  const add = async (labIds: readonly string[]) => {
    const names = await snapshotStore.runRequest('Couldn’t add the labs', bridge.addLabs(labIds))
    if (names === null) return
    snapshotStore.showToast('ok', addedText(names))
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
      providerName="Hubify"
      verdict={{ kind: attempt.kind, text: attemptText(attempt) }}
      onPaste={() => void paste()}
      onTyped={() => {
        if (!isBusy.current) setAttempt({ kind: 'typed' })
      }}
      keysPage={{
        label: 'Open Hubify',
        open: () => void snapshotStore.runRequest('Couldn’t open the page', bridge.openPage('hubify')),
      }}
      hint={keyHintText(keyHost)}
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
      <p role="status">
        The key ending in {ending} works at {host}. Choose the labs to watch. Each becomes an account with its
        own rules and budgets.
      </p>
      <ul className="labs" aria-label="Labs of this key">
        {labs.map((lab, index) => (
          <li key={lab.id}>
            <Checkbox
              className="tick"
              autoFocus={index === 0}
              isSelected={lab.isWatched || chosen.has(lab.id)}
              isDisabled={lab.isWatched}
              onChange={(isChosen) => choose(lab.id, isChosen)}
            >
              <span className="box">
                <Icon name="check" size={12} />
              </span>
              <bdi title={lab.name}>{lab.name}</bdi>
              <span className="cap">{labText(lab)}</span>
            </Checkbox>
          </li>
        ))}
      </ul>
      <div className="actions">
        <Button kind="primary" isDisabled={chosen.size === 0} onPress={() => onAdd([...chosen])}>
          {chosen.size < 2 ? 'Add lab' : `Add ${chosen.size} labs`}
        </Button>
        <Button onPress={onLeave}>Use another key</Button>
      </div>
      {free.length === 0 && <p className="hint">All labs of this key are already added.</p>}
    </>
  )
}

function labText({ slug, name, accountName, isWatched }: OfferedLab): string {
  if (accountName === null) return slug === '' || slug === name ? '' : slug
  const called = accountName === name ? '' : ` as ${accountName}`
  return isWatched ? `already added${called}` : `added${called}, but its key can’t be used. Add it again`
}

const addedText = (names: readonly string[]): string =>
  names.length === 1 ? `Lab ${names[0] ?? ''} added.` : `${names.length} labs added.`

function keyHintText(host: string | null): string {
  const isOther = host !== null && host !== 'www.hubify.com'
  const why = isOther ? ' HUBIFY_API_BASE_URL is set to that address.' : ''
  return `${takingKeyText(host)}${why} It needs to read labs and pods (labs:read, pods:read); starting and stopping pods needs pods:write.`
}

function attemptText(attempt: Exclude<Attempt, { kind: 'labs' }>): string {
  switch (attempt.kind) {
    case 'none':
      return ''
    case 'typed':
      return typedText('Hubify')
    case 'trying':
      return TRYING
    case 'refused':
    case 'not-a-key':
    case 'undecided':
      return failedKeyText(attempt)
  }
}
