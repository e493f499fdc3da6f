import { useEffect, useMemo, useRef } from 'react'
import { MINUTE_MS } from '../../core/base/time'
import { NextStops } from '../next-stops/next-stops'
import { isTable } from '../state/pod-filter'
import { useSettings } from '../state/use-settings'
import { useSnapshotStore } from '../state/window-context'
import { WarningLeads } from './card/warning-leads'
import { GonePods } from './gone-pods'
import { PodCards } from './pod-cards'
import { SectionTitle } from './section-title'
import { PodTable } from './table/pod-table'
import { useFocusRequestedPod } from './use-focus-requested-pod'
import { useHeldList } from './use-held-list'

interface PodListProps {
  /** `grid`: as many columns of detailed cards as fit, or a table. `column`: cards below each other. */
  readonly layout: 'column' | 'grid'
}

/** All pods by section as cards or as a table, what stops next, and the pods that are gone. */
export function PodList({ layout }: PodListProps) {
  const isTabular = useSnapshotStore(
    ({ view, snapshot }) => layout === 'grid' && isTable(view.layout, snapshot?.pods.length ?? 0),
  )
  const pods = useRef<HTMLDivElement>(null)
  useHeldList(pods)
  useFocusRequestedPod()
  // The benchmark of the start reads this mark.
  useEffect(() => void performance.mark('podkeeper:pods-drawn'), [])
  return (
    <WarningLeads value={useWarningLeads()}>
      <div ref={pods}>
        {isTabular ? (
          <PodTable heading={(section, own) => <SectionTitle section={section} pods={own} />} />
        ) : (
          <PodCards layout={layout} />
        )}
      </div>
      {layout === 'grid' && <NextStops />}
      <GonePods />
    </WarningLeads>
  )
}

/** How long before a stop its warnings come, ms. */
function useWarningLeads(): readonly number[] {
  const settings = useSettings()?.settings
  return useMemo(
    () =>
      settings === undefined
        ? []
        : [settings.autoStopFirstWarningMin * MINUTE_MS, settings.autoStopLastWarningMin * MINUTE_MS],
    [settings],
  )
}
