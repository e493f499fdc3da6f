import { useCallback, useEffect, useState } from 'react'
import { parsePodKey, type PodKey } from '../../../core/pods/pod'
import type { LocalSshKey, SshKeysView } from '../../../core/terminal/ssh-keys'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { keyTypeText } from '../../../core/terminal/host-key'
import { keySourceLabels, keyTroubleText } from './terminal-text'
import { keyRepairText } from './panels-text'

/** Lists local and registered keys, the likely issue, and the repairs. */
export function KeyRepair({
  podKey,
  isPrimary,
  isRestarted,
  onRegistered,
}: {
  readonly podKey: PodKey
  /** Whether a key is most likely what is missing, which makes the first repair the primary button. */
  readonly isPrimary: boolean
  /** Whether the pod gets a key by a restart, which main then asks about. */
  readonly isRestarted: boolean
  readonly onRegistered: () => void
}) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const { view, problem, reload } = useSshKeys(podKey)
  const [doneText, setDoneText] = useState<string | null>(null)

  const register = async (fingerprint: string): Promise<void> => {
    const { accountId, podId } = parsePodKey(podKey)
    const registered = await snapshotStore.runRequest(
      keyRepairText.couldNotRegister,
      bridge.registerSshKey(accountId, fingerprint, isRestarted ? podId : null),
    )
    if (registered === 'registered' || registered === 'restarting') {
      setDoneText(keyRepairText.registration[registered])
      onRegistered()
    }
    reload()
  }
  const makeKey = async (canRegister: boolean): Promise<void> => {
    const made = await snapshotStore.runRequest(keyRepairText.couldNotCreate, bridge.createSshKey())
    if (made === null) return
    setDoneText(keyRepairText.created(made.name))
    if (canRegister && made.fingerprint !== null) await register(made.fingerprint)
    else reload()
  }
  const chooseFile = async (): Promise<void> => {
    const path = await snapshotStore.runRequest(keyRepairText.couldNotChoose, bridge.chooseSshKeyFile())
    if (path !== null) reload()
  }

  if (view === null)
    return (
      <p className="cap" role="status">
        {problem === null ? keyRepairText.checking : keyRepairText.couldNotRead(problem)}
      </p>
    )
  const firstToRegister = view.canRegister
    ? view.local.find(({ isRegistered, fingerprint }) => isRegistered === false && fingerprint !== null)
    : undefined
  return (
    <div className="key-repair">
      {view.issues.length > 0 && (
        <>
          <h3>{keyRepairText.likelyCause}</h3>
          <ul className="troubles">
            {view.issues.map((trouble) => (
              <li key={JSON.stringify(trouble)}>{keyTroubleText(trouble)}</li>
            ))}
          </ul>
        </>
      )}
      <h3>
        {keyRepairText.localKeys} <span className="cap">{keyRepairText.registeredCount(view)}</span>
      </h3>
      {view.local.length === 0 ? (
        <p className="cap">{keyRepairText.noKeys}</p>
      ) : (
        <ul className="local-keys">
          {view.local.map((key) => (
            <LocalKey
              key={`${key.source} ${key.name}`}
              local={key}
              isPrimary={isPrimary && key === firstToRegister}
              onRegister={view.canRegister ? (fingerprint) => runOnce(() => register(fingerprint)) : null}
            />
          ))}
        </ul>
      )}
      <div className="actions">
        <Button
          kind={isPrimary && firstToRegister === undefined ? 'primary' : 'plain'}
          onPress={() => runOnce(() => makeKey(view.canRegister))}
        >
          {view.canRegister ? keyRepairText.createAndRegister : keyRepairText.create}
        </Button>
        <Button onPress={() => runOnce(chooseFile)}>{keyRepairText.chooseFile}</Button>
      </div>
      <p className="cap" role="status">
        {doneText ?? keyRepairText.afterRestart}
      </p>
    </div>
  )
}

function LocalKey({
  local,
  isPrimary,
  onRegister,
}: {
  readonly local: LocalSshKey
  readonly isPrimary: boolean
  readonly onRegister: ((fingerprint: string) => void) | null
}) {
  const { name, fingerprint, algorithm, source, isRegistered, problem } = local
  const tone = isRegistered === true ? 'ok' : isRegistered === false ? 'idle' : 'mute'
  return (
    <li>
      <span className="local-key-name">
        <bdi>{name}</bdi>{' '}
        <span className="cap">
          {algorithm === null ? '' : `${keyTypeText({ algorithm })} · `}
          {keySourceLabels[source]}
        </span>
      </span>
      <span className={`pill ${tone}`}>{keyRepairText.state(isRegistered)}</span>
      {isRegistered === false && fingerprint !== null && onRegister !== null && (
        <Button
          kind={isPrimary ? 'primary' : 'plain'}
          label={keyRepairText.registerKey(name)}
          onPress={() => onRegister(fingerprint)}
        >
          {keyRepairText.register}
        </Button>
      )}
      {fingerprint === null ? (
        <p className="cap">{keyRepairText.fingerprintLater}</p>
      ) : (
        <code>{fingerprint}</code>
      )}
      {problem !== null && <p className="bad-words">{problem}</p>}
    </li>
  )
}

function useSshKeys(podKey: PodKey) {
  const { bridge } = useWindow()
  const [view, setView] = useState<SshKeysView | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [reloadCount, setReloadCount] = useState(0)
  useEffect(() => {
    let isActive = true
    void bridge.sshKeys(podKey).then((answer) => {
      if (!isActive) return
      setProblem(answer.ok ? null : answer.error.message)
      if (answer.ok) setView(answer.value)
    })
    return () => {
      isActive = false
    }
  }, [bridge, podKey, reloadCount])
  const reload = useCallback(() => setReloadCount((count) => count + 1), [])
  return { view, problem, reload }
}
