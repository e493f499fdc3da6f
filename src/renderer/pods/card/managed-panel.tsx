import type { PodView } from '../../../core/view/snapshot'
import { serviceRemarks, webAppText } from '../../pod-model/managed-text'
import { useSingleFlight } from '../../state/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { ClockText } from '../../ui/clock-text'

/** What the service that manages a pod does by itself, and what only its web app can do. */
export function ManagedPanel({ pod, isStale }: { readonly pod: PodView; readonly isStale: boolean }) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const featuresJson = useSnapshotStore(({ wholeSnapshot }) =>
    JSON.stringify(
      wholeSnapshot?.accounts.find(({ entry }) => entry.id === pod.accountId)?.entry.webFeatures ?? null,
    ),
  )
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  if (pod.managed === undefined) return null
  const features = (JSON.parse(featuresJson) ?? undefined) as Parameters<typeof webAppText>[1]
  const elsewhere = webAppText(pod, features)
  const remarks = isStale ? [] : serviceRemarks(pod, nowMs)
  const open = () => runOnce(() => snapshotStore.runRequest('Not opened', bridge.openWebApp(pod.accountId)))
  return (
    <>
      {remarks.map(({ tone }, index) => (
        <p key={tone} className={`guard ${tone}`}>
          <ClockText textAt={(atMs) => `${serviceRemarks(pod, atMs)[index]?.text ?? ''}.`} />
        </p>
      ))}
      {elsewhere !== null && (
        <p className="guard mute web-app">
          <span>{elsewhere}</span>
          <Button kind="bare" label={`Open in Hubify: ${pod.name}`} onPress={open}>
            Open in Hubify
          </Button>
        </p>
      )}
    </>
  )
}
