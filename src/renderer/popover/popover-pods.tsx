import './popover.css'
import { useMemo, useRef } from 'react'
import type { PodKey } from '../../core/pods/pod'
import { SectionEnd } from '../pods/sections/section-end'
import { usePodKeys } from '../pods/bulk/use-pod-keys'
import { PodCard } from '../pods/card/pod-card'
import { WarningLeads } from '../pods/card/warning-leads'
import { CreateRows, CreateRowsSection } from '../pods/creates/create-rows'
import { GonePods } from '../pods/gone-pods'
import { sectionTitleId } from '../pods/sections/section-text'
import { SectionTitleOf } from '../pods/sections/section-title'
import { useFocusRequestedPod } from '../pods/use-focus-requested-pod'
import { useHeldList } from '../pods/use-held-list'
import { useKeptFocus } from '../pods/use-kept-focus'
import { useStartMarks } from '../pods/use-start-marks'
import { noStops, useStops } from '../next-stops/use-stops'
import { useSnapshotStore } from '../state/window-context'
import { Button } from '../ui/button'
import { PopoverNext } from './popover-next'
import { PopoverRow } from './popover-row'
import type { OpenPod } from './use-open-pod'
import { popoverText } from './popover-text'

/** From this number on, rows outside the viewport skip layout. */
const MANY_PODS = 30
/** Number of rows rendered in full at first. */
const INITIAL_ROWS = 20

/** All pods by section in rows, one of them opened to its card, and what happens next. */
export function PopoverPods({ openPod: { openKey, setOpen } }: { readonly openPod: OpenPod }) {
  const sections = useSnapshotStore((state) => state.sections)
  const isLong = useSnapshotStore(({ snapshot }) => (snapshot?.pods.length ?? 0) > MANY_PODS)
  const isOnly = useSnapshotStore(({ snapshot }) => snapshot?.pods.length === 1)
  const list = useRef<HTMLDivElement>(null)
  const stops = useStops()
  const focusHandlers = useKeptFocus(useMemo(() => ({ sections, openKey }), [sections, openKey]))
  useHeldList(list)
  useFocusRequestedPod()
  usePodKeys(list)
  useStartMarks()
  return (
    <WarningLeads>
      <div className={`list column${isLong ? ' long' : ''}`} ref={list} {...focusHandlers}>
        <CreateRowsSection />
        {sections.map((section, sectionIndex) => {
          const rowsBefore = sections
            .slice(0, sectionIndex)
            .reduce((sum, { podKeys }) => sum + podKeys.length, 0)
          return (
            <section
              key={section.id}
              className={`pod-section ${section.kind}`}
              aria-labelledby={sectionTitleId(section)}
            >
              <header className="section-head">
                <SectionTitleOf section={section} />
                <SectionEnd section={section} />
              </header>
              <ul>
                {section.kind === 'creating' && <CreateRows />}
                {section.podKeys.map((podKey, index) => (
                  <li key={podKey} className={podKey === openKey ? 'place' : 'place row-place'}>
                    {podKey === openKey ? (
                      <PodCard
                        podKey={podKey}
                        isDetailed={false}
                        isNearInitially
                        headerAction={
                          !isOnly && <CloseButton podKey={podKey} onClose={() => setOpen(null)} />
                        }
                      />
                    ) : (
                      <PopoverRow
                        podKey={podKey}
                        isNearInitially={rowsBefore + index < INITIAL_ROWS}
                        stops={stops.get(podKey) ?? noStops}
                        onOpen={setOpen}
                      />
                    )}
                  </li>
                ))}
              </ul>
            </section>
          )
        })}
      </div>
      <PopoverNext />
      <GonePods />
    </WarningLeads>
  )
}

interface CloseButtonProps {
  readonly podKey: PodKey
  readonly onClose: () => void
}

function CloseButton({ podKey, onClose }: CloseButtonProps) {
  const name = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey)?.name ?? '')
  return <Button kind="bare" icon="up" label={popoverText.close(name)} onPress={onClose} />
}
