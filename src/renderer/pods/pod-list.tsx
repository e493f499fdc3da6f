import { useRef } from 'react'
import { NextStopLine } from '../next-stops/next-stop-line'
import { NextStops } from '../next-stops/next-stops'
import type { PodSection } from '../state/arrange/arrange-pods'
import { isTable } from '../state/arrange/pod-filter'
import { useSnapshotStore } from '../state/window-context'
import { usePodKeys } from './bulk/use-pod-keys'
import { PodCard } from './card/pod-card'
import { WarningLeads } from './card/warning-leads'
import { CreateCards, CreatesSection, useOpenCreates } from './creates/create-cards'
import { GonePods } from './gone-pods'
import { SectionEnd } from './sections/section-end'
import { sectionTitleId } from './sections/section-text'
import { SectionTitle, SectionTitleOf } from './sections/section-title'
import { PodTable } from './table/pod-table'
import { useFocusRequestedPod } from './use-focus-requested-pod'
import { useHeldList } from './use-held-list'
import { useKeptFocus } from './use-kept-focus'
import { useStartMarks } from './use-start-marks'

/** From this number on, cards outside the viewport skip layout (`content-visibility`). */
const MANY_PODS = 30
/** Number of cards rendered in full at first; the others follow when they come near the viewport. */
const INITIAL_CARDS = 24
/** A section with more cards takes all columns anyway. */
const MAX_COLUMNS = 5

/** A table has rows of pods only. */
function CreatesAbove() {
  const creates = useOpenCreates()
  return creates.length === 0 ? null : (
    <div className="list grid">
      <CreatesSection creates={creates} />
    </div>
  )
}

/** All pods of the main window by section as cards or as a table, what stops next, and the pods that are gone. */
export function PodList() {
  const isTabular = useSnapshotStore(({ view, snapshot }) => isTable(view.layout, snapshot?.pods.length ?? 0))
  const isEmpty = useSnapshotStore(({ sections }) => sections.length === 0)
  const pods = useRef<HTMLDivElement>(null)
  useHeldList(pods)
  useFocusRequestedPod()
  useStartMarks()
  return (
    <WarningLeads>
      <div ref={pods}>
        {isTabular ? (
          <>
            <CreatesAbove />
            {!isEmpty && (
              <PodTable
                heading={(section, own) => <SectionTitle section={section} pods={own} />}
                headingEnd={(section) => <SectionEnd section={section} />}
              />
            )}
          </>
        ) : (
          <PodCards />
        )}
      </div>
      <NextStops />
      <GonePods />
    </WarningLeads>
  )
}

/** A card for each pod, by section, in as many columns as fit. */
function PodCards() {
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
      <HeadingEnd section={section} />
    </header>
  )
}

/** The first heading has room for what comes next, which thus pushes no pod down. */
function HeadingEnd({ section }: { readonly section: PodSection }) {
  const isFirst = useSnapshotStore(({ sections }) => sections[0]?.id === section.id)
  return (
    <>
      {isFirst && <NextStopLine />}
      <SectionEnd section={section} />
    </>
  )
}
