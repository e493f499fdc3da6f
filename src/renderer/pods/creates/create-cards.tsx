import './creates.css'
import type { ReactNode } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { CreateView } from '../../../core/creation/create-view'
import { createStateText, createStateWord, openCreates, triesText } from '../../pod-model/text/create-text'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { AccountLabel } from '../../ui/labels/account-label'
import { Button } from '../../ui/button'
import { ClockText } from '../../ui/labels/clock-text'
import { Money } from '../../ui/labels/money'
import { commonText } from '../../ui/common-text'
import { createsText } from './creates-text'

/** The creates of what is shown whose pods are not listed yet. */
export function useOpenCreates(): readonly CreateView[] {
  return useSnapshotStore(useShallow(({ snapshot, podsByKey }) => openCreates(snapshot?.creates, podsByKey)))
}

interface CreatesSectionProps {
  readonly creates: readonly CreateView[]
  /** Absent: cards. */
  readonly children?: ReactNode
}

/** Pods that are being created, in a section of their own. */
export function CreatesSection({ creates, children }: CreatesSectionProps) {
  if (creates.length === 0) return null
  return (
    <section
      className={`pod-section creating n${Math.min(5, creates.length)}`}
      aria-labelledby="section-creates"
    >
      <header className="section-head">
        <h2 id="section-creates">
          {createsText.creating} <span>{creates.length}</span>
        </h2>
      </header>
      <ul>{children ?? <CreateCards creates={creates} />}</ul>
    </section>
  )
}

/** A card for each, as items of a list. */
export const CreateCards = ({ creates }: { readonly creates: readonly CreateView[] }) =>
  creates.map((create) => (
    <li key={create.id} className="place">
      <CreateCard create={create} />
    </li>
  ))

function CreateCard({ create }: { readonly create: CreateView }) {
  const { id, accountId, name, canCancel, endsWithProgram } = create
  const perHourUsd = candidatePerHourUsd(create)
  const tries = triesText(create)
  const headingId = `create-${id}`
  return (
    <article className="card faded create-card" aria-labelledby={headingId} tabIndex={-1}>
      <header>
        <span className="id-bar" aria-hidden="true" />
        <h3 id={headingId} title={name}>
          <bdi>{name}</bdi>
        </h3>
        <span className={`pill ${create.isUnclear ? 'idle' : 'info'}`}>{createStateWord(create)}</span>
        {perHourUsd !== null && (
          <span className="rate">
            <Money usd={perHourUsd} per="hour" />
          </span>
        )}
      </header>
      <AccountLabel accountId={accountId} />
      <p className="create-state">
        <ClockText textAt={(nowMs) => createStateText(create, nowMs)} />
      </p>
      {tries.length > 0 && (
        <ul className="create-tries" aria-label={createsText.tried}>
          {tries.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {endsWithProgram && <p className="cap">{createsText.endsWithProgram}</p>}
      {canCancel && (
        <div className="actions">
          <CancelCreateButton create={create} />
        </div>
      )}
    </article>
  )
}

/** Of what is tried now, or next, USD; null: not known. */
export const candidatePerHourUsd = ({ candidate, candidates }: CreateView): number | null =>
  candidates.find(({ label }) => label === candidate)?.perHourUsd ?? null

interface CancelCreateButtonProps {
  readonly create: CreateView
  /** An icon. */
  readonly isShort?: boolean
}

export function CancelCreateButton({ create, isShort = false }: CancelCreateButtonProps) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const { id, accountId, name } = create
  const cancel = (): void =>
    runOnce(() =>
      snapshotStore.runRequest(createsText.couldNotCancel(name), bridge.cancelCreate(accountId, id)),
    )
  const label = createsText.cancel(name)
  return isShort ? (
    <Button kind="bare" icon="close" label={label} onPress={cancel} />
  ) : (
    <Button label={label} onPress={cancel}>
      {commonText.cancel}
    </Button>
  )
}
