import { useEffect, useState } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import { podLink } from '../../core/pods/pod-link'
import { impactSentence } from '../../core/pods/data-impact-text'
import type { PodView } from '../../core/view/snapshot'
import type { PodDetails } from '../../shared/requests/pod/pod-page-requests'
import { shareStructure } from '../state/share-structure'
import type { SnapshotStoreState } from '../state/snapshot-store'
import { accountListedAtMs } from '../state/account-parts'
import { cloudText } from '../pod-model/text/cloud-text'
import { useWindow } from '../state/window-context'
import { copyText } from '../ui/copy-text'
import { Button } from '../ui/button'
import { OpenServiceButton } from '../ui/controls/open-service-button'
import { RUNPOD_NAME } from '../../core/pods/labs/service-name'
import { connectionText, mountLines, parsePort } from './pod-page-text'
import { commonText } from '../ui/common-text'

/** What the page shows besides the snapshot, read when the pod is shown or changes; null until then. */
export function useDetails({ key, accountId, phase, startedAtMs }: PodView): PodDetails | null {
  const { bridge, snapshotStore } = useWindow()
  const [details, setDetails] = useState<{ readonly key: string; readonly value: PodDetails } | null>(null)
  useEffect(() => {
    let [isActive, lastRead] = [true, 0]
    const read = (): void => {
      const serial = ++lastRead
      void bridge
        .podDetails(key)
        .catch(() => null)
        .then((answer) => {
          if (isActive && serial === lastRead && answer?.ok === true)
            setDetails((last) => shareStructure(last, { key, value: answer.value }))
        })
    }
    const listedAtMs = ({ snapshot }: SnapshotStoreState): number | null =>
      snapshot === null || phase !== 'running' ? null : accountListedAtMs(snapshot, accountId)
    read()
    // After a start its address appears late, and for a while it is still that of the run before.
    const unsubscribe = snapshotStore.store.subscribe((state, before) => {
      if (listedAtMs(state) !== listedAtMs(before)) read()
    })
    return () => {
      isActive = false
      unsubscribe()
    }
  }, [bridge, snapshotStore, key, accountId, phase, startedAtMs])
  return details?.key === key ? details.value : null
}

interface ConnectionProps {
  readonly pod: PodView
  readonly details: PodDetails | null
}

/** How to get into the pod, and what it is made of. */
export function ConnectionPanel({ pod, details }: ConnectionProps) {
  const { bridge, snapshotStore } = useWindow()
  const copy = (what: string, text: string) => () => {
    if (copyText(text)) snapshotStore.showToast('ok', connectionText.copied(what))
    else snapshotStore.showToast('bad', connectionText.couldNotCopy(what))
  }
  // Runpod knows nothing of a lab's own pods, which have a way to Hubify where there is one.
  const isOfLab = pod.managed !== undefined && pod.labKey === undefined
  const ports = (details?.ports ?? []).flatMap((port) => parsePort(port) ?? [])
  return (
    <section className="panel" aria-label={connectionText.title}>
      <header>
        <h2>{connectionText.title}</h2>
      </header>
      <dl className="facts">
        {details !== null && details.sshCommand !== null && (
          <div>
            <dt>{connectionText.ssh}</dt>
            <dd>
              <code>{details.sshCommand}</code>
              <span className="copies">
                <Button
                  kind="bare"
                  label={connectionText.copySsh}
                  onPress={copy(connectionText.sshCommand, details.sshCommand)}
                >
                  {commonText.copy}
                </Button>
                {details.sshConfig !== null && (
                  <Button
                    kind="bare"
                    label={connectionText.copyConfigEntry}
                    onPress={copy(connectionText.configEntry, details.sshConfig)}
                  >
                    {connectionText.copyConfig}
                  </Button>
                )}
              </span>
            </dd>
          </div>
        )}
        {ports.length > 0 && (
          <div>
            <dt>{connectionText.ports}</dt>
            <dd className="ports">
              {ports.map(({ number, isHttp }) =>
                isHttp && pod.phase === 'running' ? (
                  <AriaButton
                    key={number}
                    className="text-link"
                    aria-label={connectionText.openPort(number)}
                    onPress={() =>
                      void snapshotStore.runRequest(
                        connectionText.portNotOpened(number),
                        bridge.openPodPort(pod.key, number),
                      )
                    }
                  >
                    {number}
                  </AriaButton>
                ) : (
                  <span key={number}>{number}</span>
                ),
              )}
            </dd>
          </div>
        )}
        {details !== null &&
          mountLines(details).map(({ path, text }) => (
            <div key={`${path} ${text}`}>
              <dt>
                <bdi>{path}</bdi>
              </dt>
              <dd>
                <bdi>{text}</bdi>
              </dd>
            </div>
          ))}
        {details?.areMountsKnown === false && (
          <Fact label={connectionText.mounts} value={connectionText.notRead} />
        )}
        {details !== null && details.image !== null && (
          <Fact label={connectionText.image} value={details.image} />
        )}
        <Fact label={connectionText.dataCenter} value={pod.dataCenterId} />
        {details !== null && details.cloud !== null && (
          <Fact label={connectionText.cloud} value={cloudText(details.cloud)} />
        )}
        <div>
          <dt>{connectionText.podId}</dt>
          <dd>
            <code>{pod.id}</code>
            <span className="copies">
              <Button
                kind="bare"
                label={connectionText.copyLinkToPod}
                onPress={copy(connectionText.link, podLink(pod.accountId, pod.id))}
              >
                {connectionText.copyLink}
              </Button>
            </span>
          </dd>
        </div>
      </dl>
      {!isOfLab && (
        <footer>
          <OpenServiceButton icon="window" service={RUNPOD_NAME} />
        </footer>
      )}
    </section>
  )
}

function Fact({ label, value }: { readonly label: string; readonly value: string | null }) {
  if (value === null) return null
  return (
    <div>
      <dt>{label}</dt>
      <dd title={value}>
        <bdi>{value}</bdi>
      </dd>
    </div>
  )
}

/** What of its data survives. */
export function DataPanel({ pod }: { readonly pod: PodView }) {
  return (
    <section className="panel" aria-label={connectionText.data}>
      <header>
        <h2>{connectionText.data}</h2>
      </header>
      <dl className="facts stacked">
        <div>
          <dt>{connectionText.whenStopped}</dt>
          <dd>{impactSentence(pod.stopImpact)}</dd>
        </div>
        <div>
          <dt>{connectionText.whenTerminated}</dt>
          <dd>{impactSentence(pod.terminateImpact)}</dd>
        </div>
      </dl>
    </section>
  )
}
