import { formatMoment } from '../../core/base/format'
import { useSnapshotStore } from '../state/window-context'

/** What the pods cost per hour now; null until that is known. */
export function useBurnRate() {
  return useSnapshotStore(({ snapshot }) => snapshot?.burn ?? null)
}

/** The caption of the burn rate: since when it is out of date, and whether a price is missing in it. */
export function BurnCaption({ isTitle = false }: { readonly isTitle?: boolean }) {
  const burn = useBurnRate()
  const asOf = useSnapshotStore(({ snapshot }) =>
    snapshot === null || snapshot.listedAtMs === null || snapshot.connection.kind === 'live'
      ? null
      : formatMoment(snapshot.listedAtMs, { nowMs: snapshot.atMs }),
  )
  const verb = isTitle ? 'Burning' : 'burning'
  return (
    <div className="cap">
      {asOf === null ? `${verb} now` : `${verb} at ${asOf}`}
      {burn?.isAtLeast && (isTitle ? ', at least: a price is not known' : ', at least')}
    </div>
  )
}
