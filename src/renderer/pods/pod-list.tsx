import { useRef } from 'react'
import { NextStops } from '../next-stops/next-stops'
import { isTable } from '../state/arrange/pod-filter'
import { useSnapshotStore } from '../state/window-context'
import { WarningLeads } from './card/warning-leads'
import { CreatesSection, useOpenCreates } from './creates/create-cards'
import { GonePods } from './gone-pods'
import { PodCards } from './pod-cards'
import { SectionEnd } from './sections/section-end'
import { SectionTitle } from './sections/section-title'
import { PodTable } from './table/pod-table'
import { useFocusRequestedPod } from './use-focus-requested-pod'
import { useHeldList } from './use-held-list'
import { useStartMarks } from './use-start-marks'

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
            <PodTable
              heading={(section, own) => <SectionTitle section={section} pods={own} />}
              headingEnd={(section) => <SectionEnd section={section} />}
            />
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
