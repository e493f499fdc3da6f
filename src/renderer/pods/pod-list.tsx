import { useEffect } from 'react'
import { accountName } from '../../core/view/account-name'
import type { GonePodView, PodView, Snapshot } from '../../core/view/snapshot'
import { formatMoment } from '../../core/base/format'
import { useSnapshotStore, useWindow } from '../state/window-context'
import type { PodSection } from '../state/arrange-pods'
import { PodCard } from './card/pod-card'
import { stoppedCostText } from '../pod-model/pod-text'

/** From this number on, cards outside the viewport skip layout (`content-visibility`). */
const MANY_PODS = 30
/** Number of cards rendered in full at first; the others follow when they come near the viewport. */
const INITIAL_CARDS = 24
const HIGHLIGHT_MS = 1_600

interface PodListProps {
  /** `grid`: as many columns as fit, with detailed cards. */
  readonly layout: 'column' | 'grid'
}

/** All pods by section, followed by the pods that are gone. */
export function PodList({ layout }: PodListProps) {
  const sections = useSnapshotStore((state) => state.sections)
  const isLong = useSnapshotStore(({ snapshot }) => (snapshot?.pods.length ?? 0) > MANY_PODS)
  useFocusRequestedPod()
  // The benchmark of the start reads this mark.
  useEffect(() => void performance.mark('podkeeper:pods-drawn'), [])
  return (
    <div className={`list ${layout}${isLong ? ' long' : ''}`}>
      {sections.map((section, sectionIndex) => {
        const cardsBefore = sections
          .slice(0, sectionIndex)
          .reduce((sum, { podKeys }) => sum + podKeys.length, 0)
        return (
          <section key={section.id} aria-labelledby={`section-${section.id}`}>
            <SectionHeading section={section} />
            <ul>
              {section.podKeys.map((podKey, index) => (
                <li key={podKey} className="place">
                  <PodCard
                    podKey={podKey}
                    isDetailed={layout === 'grid'}
                    isNearInitially={cardsBefore + index < INITIAL_CARDS}
                  />
                </li>
              ))}
            </ul>
          </section>
        )
      })}
      <GonePods />
    </div>
  )
}

function SectionHeading({ section }: { readonly section: PodSection }) {
  const count = section.podKeys.length
  const id = `section-${section.id}`
  switch (section.kind) {
    case 'active':
      return (
        <h2 className="unseen" id={id}>
          Pods
        </h2>
      )
    case 'cluster':
      return (
        <h2 id={id}>
          Cluster {section.clusterId}
          <span>{count === 1 ? '1 pod' : `${count} pods`} · read-only, change it in Runpod</span>
        </h2>
      )
    case 'stopped':
      return (
        <h2 id={id}>
          Stopped
          <StoppedCost podKeys={section.podKeys} />
        </h2>
      )
  }
}

/** Total disk cost of these stopped pods. */
function StoppedCost({ podKeys }: { readonly podKeys: PodSection['podKeys'] }) {
  const costText = useSnapshotStore(({ podsByKey }) =>
    stoppedCostText(podKeys.flatMap((podKey) => podsByKey.get(podKey) ?? [])),
  )
  return <span>{costText}</span>
}

function GonePods() {
  const gonePods = useSnapshotStore(({ snapshot }) => snapshot?.gonePods ?? NO_GONE_PODS)
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  if (gonePods.length === 0) return null
  return (
    <section aria-labelledby="section-gone">
      <h2 className="unseen" id="section-gone">
        Gone in the last 24 hours
      </h2>
      <ul className="tombstones">
        {gonePods.map((gonePod) => (
          <li key={gonePod.key} id={`pod-${gonePod.key}`} tabIndex={-1}>
            <GonePodText gonePod={gonePod} />{' '}
            <span className="when">{formatMoment(gonePod.goneAtMs, { nowMs })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const NO_GONE_PODS: Snapshot['gonePods'] = []

/** How a pod ended, without claiming more than is known. */
function GonePodText({ gonePod: { accountId, name, how } }: { readonly gonePod: GonePodView }) {
  const account = useSnapshotStore(({ snapshot }) => accountName(snapshot, accountId))
  const pod = account === null ? name : `${name} (${account})`
  return how === 'reported'
    ? `${pod} is terminated.`
    : `${pod} is gone: perhaps stopped by someone else, perhaps outbid.`
}

/** Scrolls to the requested pod, at once or when it appears. */
function useFocusRequestedPod() {
  const { snapshotStore } = useWindow()
  const focusRequest = useSnapshotStore((state) => state.focusRequest)
  const pod: PodView | undefined = useSnapshotStore(({ podsByKey }) =>
    focusRequest === null ? undefined : podsByKey.get(focusRequest.id),
  )
  const isPodListed = pod !== undefined
  useEffect(() => {
    if (focusRequest === null) return undefined
    const card = document.getElementById(`pod-${focusRequest.id}`)
    if (card === null) return undefined
    card.scrollIntoView({ block: 'center' })
    card.focus({ preventScroll: true })
    card.classList.add('shown')
    const timer = setTimeout(() => {
      card.classList.remove('shown')
      if (snapshotStore.store.getState().focusRequest === focusRequest)
        snapshotStore.store.setState({ focusRequest: null })
    }, HIGHLIGHT_MS)
    return () => {
      clearTimeout(timer)
      card.classList.remove('shown')
    }
  }, [snapshotStore, focusRequest, isPodListed])
}
