import './creates.css'
import type { CreateView } from '../../../core/creation/create-view'
import { createStateText, createStateWord, createTryText } from '../../pod-model/text/create-text'
import { NO_PRICE } from '../../pod-model/text/pod-text'
import { useClockText, useSnapshotStore } from '../../state/window-context'
import { AccountLabel } from '../../ui/labels/account-label'
import { Icon } from '../../ui/icon'
import { Money } from '../../ui/labels/money'
import { CancelCreateButton, candidatePerHourUsd, CreatesSection, useOpenCreates } from './create-cards'

/** Pods that are being created as rows, in a section of their own unless pods have one. */
export function CreateRowsSection() {
  const creates = useOpenCreates()
  const hasCreating = useSnapshotStore(({ sections }) => sections.some(({ kind }) => kind === 'creating'))
  return hasCreating ? null : (
    <CreatesSection creates={creates}>
      <CreateRows />
    </CreatesSection>
  )
}

/** A row of 44 px for each, as items of a list. */
export const CreateRows = () =>
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
