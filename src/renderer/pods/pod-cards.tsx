import { useRef } from 'react'
import { useSnapshotStore } from '../state/window-context'
import type { PodSection } from '../state/arrange/arrange-pods'
import { PodCard } from './card/pod-card'
import { CreateCards, CreatesSection, useOpenCreates } from './creates/create-cards'
import { SectionEnd } from './sections/section-end'
import { sectionTitleId } from './sections/section-text'
import { SectionTitleOf } from './sections/section-title'
import { usePodKeys } from './bulk/use-pod-keys'
import { useKeptFocus } from './use-kept-focus'

/** From this number on, cards outside the viewport skip layout (`content-visibility`). */
const MANY_PODS = 30
/** Number of cards rendered in full at first; the others follow when they come near the viewport. */
const INITIAL_CARDS = 24
/** A section with more cards takes all columns anyway. */
const MAX_COLUMNS = 5

/** A card for each pod, by section, in as many columns as fit. */
export function PodCards() {
  const sections = useSnapshotStore((state) => state.sections)
  const isLong = useSnapshotStore(({ snapshot }) => (snapshot?.pods.length ?? 0) > MANY_PODS)
  const focusHandlers = useKeptFocus(sections)
  const creates = useOpenCreates()
  const hasCreating = sections.some(({ kind }) => kind === 'creating')
  const list = useRef<HTMLDivElement>(null)
  usePodKeys(list)
  return (
    <div className={`list grid${isLong ? ' long' : ''}`} ref={list} {...focusHandlers}>
      {!hasCreating && <CreatesSection creates={creates} />}
      {sections.map((section, sectionIndex) => {
        const cardsBefore = sections
          .slice(0, sectionIndex)
          .reduce((sum, { podKeys }) => sum + podKeys.length, 0)
        return (
          <section
            key={section.id}
            className={`pod-section ${section.kind} n${Math.min(MAX_COLUMNS, section.podKeys.length + (section.kind === 'creating' ? creates.length : 0))}`}
            aria-labelledby={sectionTitleId(section)}
          >
            <SectionHeading section={section} />
            <ul>
              {section.kind === 'creating' && <CreateCards creates={creates} />}
              {section.podKeys.map((podKey, index) => (
                <li key={podKey} className="place">
                  <PodCard podKey={podKey} isDetailed isNearInitially={cardsBefore + index < INITIAL_CARDS} />
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </div>
  )
}

function SectionHeading({ section }: { readonly section: PodSection }) {
  return (
    <header className="section-head">
      <SectionTitleOf section={section} />
      <SectionEnd section={section} />
    </header>
  )
}
