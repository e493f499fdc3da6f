import type { PodView } from '../../../core/view/snapshot'
import { parsePodKey } from '../../../core/pods/pod'
import { queuedText, serviceRemarks, webAppText } from '../../pod-model/text/managed-text'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { ClockText } from '../../ui/labels/clock-text'
import { CardLine } from './card-line'
import { cardText } from './card-text'

/** What the service that manages a pod does automatically, and what only its web app can do. */
export function ManagedPanel({ pod, isStale }: { readonly pod: PodView; readonly isStale: boolean }) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  // A pod that a Runpod account shows as well belongs to its lab here.
  const { accountId: labId } = parsePodKey(pod.labKey ?? pod.key)
  const labJson = useSnapshotStore(({ wholeSnapshot }) => {
    const part = wholeSnapshot?.accounts.find(({ entry }) => entry.id === labId)
    return JSON.stringify({ features: part?.entry.webFeatures, queue: part?.lab?.queue?.value ?? [] })
  })
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  if (pod.managed === undefined) return null
  const { features, queue } = JSON.parse(labJson) as {
    readonly features?: Parameters<typeof webAppText>[1]
    readonly queue: Parameters<typeof queuedText>[1]
  }
  const elsewhere = [queuedText(pod, queue), webAppText(pod, features)].filter((text) => text !== null)
  const remarks = isStale ? [] : serviceRemarks(pod, nowMs)
  const open = () =>
    runOnce(() => snapshotStore.runRequest(cardText.couldNotOpenPage, bridge.openWebApp(labId)))
  return (
    <>
      {remarks.map(({ tone }, index) => (
        <CardLine key={tone} icon="clock">
          <b className={tone === 'bad' ? 'bad-text' : undefined}>
            <ClockText textAt={(atMs) => `${serviceRemarks(pod, atMs)[index]?.text ?? ''}.`} />
          </b>
        </CardLine>
      ))}
      {elsewhere.length > 0 && (
        <CardLine
          icon="window"
          action={
            <Button kind="bare" label={cardText.openInHubifyOf(pod.name)} onPress={open}>
              {cardText.openInHubify}
            </Button>
          }
        >
          {elsewhere.join(' ')}
        </CardLine>
      )}
    </>
  )
}
