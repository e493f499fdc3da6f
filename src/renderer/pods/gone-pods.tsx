import { formatMoment } from '../../core/base/text/format'
import { accountName } from '../../core/view/account-name'
import type { GonePodView, Snapshot } from '../../core/view/snapshot'
import { useSnapshotStore } from '../state/window-context'
import { podsText } from './pods-text'

/** The pods that ended in the last 24 hours. */
export function GonePods() {
  const gonePods = useSnapshotStore(({ snapshot }) => snapshot?.gonePods ?? NO_GONE_PODS)
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  if (gonePods.length === 0) return null
  return (
    <section className="pod-section gone" aria-labelledby="section-gone">
      <header className="section-head">
        <h2 id="section-gone">
          {podsText.gone} <span>{podsText.inLastDay(gonePods.length)}</span>
        </h2>
      </header>
      <ul className="gone-pods">
        {gonePods.map((gonePod) => (
          <li key={gonePod.key} id={`pod-${gonePod.key}`} tabIndex={-1}>
            <GonePodText gonePod={gonePod} />{' '}
            <span className="when">{formatMoment(gonePod.goneAtMs, { nowMs })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const NO_GONE_PODS: Snapshot['gonePods'] = []

function GonePodText({ gonePod: { accountId, name, how } }: { readonly gonePod: GonePodView }) {
  const account = useSnapshotStore(({ snapshot }) => accountName(snapshot, accountId))
  return podsText.goneHow(account === null ? name : `${name} (${account})`, how)
}
