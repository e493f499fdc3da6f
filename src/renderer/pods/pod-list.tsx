import { useEffect } from 'react'
import type { Tombstone } from '../../core/polling/pod-inventory'
import type { PodView, Snapshot } from '../../core/view/snapshot'
import { formatMoment } from '../../core/base/format'
import { useMirror, useWindow } from '../state/window-context'
import type { PodSection } from '../state/arrange-pods'
import { PodCard } from './card/pod-card'
import { stoppedCostWords } from '../pod-model/pod-text'

/** From so many on, cards out of sight are not laid out. */
const MANY_PODS = 30
/** So many cards are drawn whole at once; the others when they come near. */
const FIRST_CARDS = 24
const HIGHLIGHT_MS = 1_600

interface PodListProps {
  /** `grid`: as many columns as there is room for, and cards with everything on them. */
  readonly layout: 'column' | 'grid'
}

/** All pods by section, then the ones that went. */
export function PodList({ layout }: PodListProps) {
  const sections = useMirror((state) => state.sections)
  const isStale = useMirror(({ snapshot }) => snapshot?.connection.kind !== 'live')
  const isLong = useMirror(({ podsById }) => podsById.size > MANY_PODS)
  useShownPod()
  // What the bench measures the start by.
  useEffect(() => void performance.mark('podkeeper:pods-drawn'), [])
  return (
    <div className={`list ${layout}${isLong ? ' long' : ''}`}>
      {sections.map((section, place) => {
        const before = sections.slice(0, place).reduce((sum, { podIds }) => sum + podIds.length, 0)
        return (
          <section key={section.id} aria-labelledby={`section-${section.id}`}>
            <SectionHeading section={section} />
            <ul>
              {section.podIds.map((podId, index) => (
                <li key={podId} className="place">
                  <PodCard
                    podId={podId}
                    isStale={isStale}
                    isDetailed={layout === 'grid'}
                    isNearAtFirst={before + index < FIRST_CARDS}
                  />
                </li>
              ))}
            </ul>
          </section>
        )
      })}
      <Tombstones />
    </div>
  )
}

function SectionHeading({ section }: { readonly section: PodSection }) {
  const count = section.podIds.length
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
          Cluster {section.id.slice('cluster:'.length)}
          <span>{count === 1 ? '1 pod' : `${count} pods`} · read-only, change it in Runpod</span>
        </h2>
      )
    case 'stopped':
      return (
        <h2 id={id}>
          Stopped
          <StoppedCost podIds={section.podIds} />
        </h2>
      )
  }
}

/** What the disks of all these stopped pods cost together. */
function StoppedCost({ podIds }: { readonly podIds: PodSection['podIds'] }) {
  const words = useMirror(({ podsById }) =>
    stoppedCostWords(podIds.flatMap((podId) => podsById.get(podId) ?? [])),
  )
  return <span>{words}</span>
}

function Tombstones() {
  const tombstones = useMirror(({ snapshot }) => snapshot?.tombstones ?? NO_TOMBSTONES)
  const nowMs = useMirror(({ snapshot }) => snapshot?.atMs ?? 0)
  if (tombstones.length === 0) return null
  return (
    <section aria-labelledby="section-gone">
      <h2 className="unseen" id="section-gone">
        Gone in the last 24 hours
      </h2>
      <ul className="tombstones">
        {tombstones.map((tombstone) => (
          <li key={tombstone.id} id={`pod-${tombstone.id}`} tabIndex={-1}>
            {tombstoneWords(tombstone)}{' '}
            <span className="when">{formatMoment(tombstone.goneAtMs, { nowMs })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const NO_TOMBSTONES: Snapshot['tombstones'] = []

/** What is known of a pod's end, and no more. */
function tombstoneWords({ name, how }: Tombstone): string {
  return how === 'reported'
    ? `${name} is terminated.`
    : `${name} is gone: perhaps stopped by someone else, perhaps outbid.`
}

/** Brings the pod that was asked for into view, now or as soon as it is there. */
function useShownPod() {
  const { mirror } = useWindow()
  const wanted = useMirror((state) => state.wanted)
  const pod: PodView | undefined = useMirror(({ podsById }) =>
    wanted === null ? undefined : podsById.get(wanted.id),
  )
  const isThere = pod !== undefined
  useEffect(() => {
    if (wanted === null) return undefined
    const card = document.getElementById(`pod-${wanted.id}`)
    if (card === null) return undefined
    card.scrollIntoView({ block: 'center' })
    card.focus({ preventScroll: true })
    card.classList.add('shown')
    const timer = setTimeout(() => {
      card.classList.remove('shown')
      if (mirror.store.getState().wanted === wanted) mirror.store.setState({ wanted: null })
    }, HIGHLIGHT_MS)
    return () => {
      clearTimeout(timer)
      card.classList.remove('shown')
    }
  }, [mirror, wanted, isThere])
}
