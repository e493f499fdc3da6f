import './popover-strip.css'
import './popover.css'
import './popover-messages.css'
import { useMemo, useRef } from 'react'
import type { CreateView } from '../../core/creation/create-view'
import type { PodKey } from '../../core/pods/pod'
import { partOf } from '../../core/view/snapshot'
import { nextEvents } from '../next-stops/next-events'
import { stopTime } from '../next-stops/next-stops-text'
import { stopsView } from '../next-stops/stop-lanes'
import { SectionEnd } from '../pods/sections/section-end'
import { usePodKeys } from '../pods/bulk/use-pod-keys'
import { PodCard } from '../pods/card/pod-card'
import { WarningLeads } from '../pods/card/warning-leads'
import { GonePods } from '../pods/gone-pods'
import { sectionTitleId } from '../pods/sections/section-text'
import { SectionTitleOf } from '../pods/sections/section-title'
import { useFocusRequestedPod } from '../pods/use-focus-requested-pod'
import { useHeldList } from '../pods/use-held-list'
import { useKeptFocus } from '../pods/use-kept-focus'
import { useStartMarks } from '../pods/use-start-marks'
import { noStops, useStops } from '../next-stops/use-stops'
import { createStateText, createStateWord, createTryText } from '../pod-model/text/create-text'
import { NO_PRICE } from '../pod-model/text/pod-text'
import {
  CancelCreateButton,
  candidatePerHourUsd,
  CreatesSection,
  useOpenCreates,
} from '../pods/creates/create-cards'
import '../pods/creates/creates.css'
import { useSettings } from '../state/hooks/use-settings'
import { useClockText, useSnapshotStore } from '../state/window-context'
import { Button } from '../ui/button'
import { Icon } from '../ui/icon'
import { AccountLabel } from '../ui/labels/account-label'
import { Money } from '../ui/labels/money'
import { PopoverRow } from './popover-row'
import type { OpenPod } from './use-open-pod'
import { popoverText } from './popover-text'

const SHOWN = 2

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
                          !isOnly && <ClosePodButton podKey={podKey} onClose={() => setOpen(null)} />
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

interface ClosePodButtonProps {
  readonly podKey: PodKey
  readonly onClose: () => void
}

function ClosePodButton({ podKey, onClose }: ClosePodButtonProps) {
  const name = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey)?.name ?? '')
  return <Button kind="bare" icon="up" label={popoverText.close(name)} onPress={onClose} />
}

/** Pods that are being created as rows, in a section of their own unless pods have one. */
function CreateRowsSection() {
  const creates = useOpenCreates()
  const hasCreating = useSnapshotStore(({ sections }) => sections.some(({ kind }) => kind === 'creating'))
  return hasCreating ? null : (
    <CreatesSection creates={creates}>
      <CreateRows />
    </CreatesSection>
  )
}

/** A row of 44 px for each, as items of a list. */
const CreateRows = () =>
  useOpenCreates().map((create) => (
    <li key={create.id} className="place row-place">
      <CreateRow create={create} />
    </li>
  ))

function CreateRow({ create }: { readonly create: CreateView }) {
  const { id, accountId, name, canCancel, isUnclear } = create
  const perHourUsd = candidatePerHourUsd(create)
  const stateText = useClockText((nowMs) => createStateText(create, nowMs))
  const tryText = useClockText((nowMs) => createTryText(create, nowMs))
  const headingId = `create-${id}`
  return (
    <article className="pop-row create-row" aria-labelledby={headingId} tabIndex={-1}>
      <span className={`glyph ${isUnclear ? 'idle' : 'info'}`} aria-hidden="true">
        <Icon name="clock" size={16} />
      </span>
      <span className="pop-name">
        <h3 id={headingId} title={name}>
          <bdi>{name}</bdi>
        </h3>
        <span className="pop-facts">
          <AccountLabel accountId={accountId} />
          <span className="pop-event" title={stateText}>
            {tryText}
          </span>
        </span>
      </span>
      <span className="pop-figures">
        <span className="rate">{perHourUsd === null ? NO_PRICE : <Money usd={perHourUsd} per="hour" />}</span>
        <span className={isUnclear ? 'idle' : 'info'}>{createStateWord(create)}</span>
      </span>
      {canCancel && <CancelCreateButton create={create} isShort />}
    </article>
  )
}

/** The two events that come next; nothing while none has a time. */
function PopoverNext() {
  const snapshot = useSnapshotStore((state) => state.snapshot)
  const settings = useSettings()?.settings
  const events = useMemo(() => {
    if (snapshot === null || settings === undefined) return []
    const view = stopsView(snapshot, settings)
    if (view === null) return []
    return nextEvents(view, ({ pod }) => (partOf(snapshot, pod.accountId) ?? snapshot).guard.isDryRun)
  }, [snapshot, settings])
  if (snapshot === null || events.length === 0) return null
  return (
    <section className="pod-section pop-next" aria-labelledby="section-next">
      <header className="section-head">
        <h2 id="section-next">{popoverText.next}</h2>
      </header>
      <ul>
        {events.slice(0, SHOWN).map(({ id, atMs, text, isLoss }) => (
          <li key={id}>
            <b className={isLoss ? 'bad-text' : undefined}>{stopTime(atMs, snapshot.atMs)}</b>{' '}
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
