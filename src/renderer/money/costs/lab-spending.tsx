import { formatAgo } from '../../../core/base/text/format'
import { labRunningText, labScopeText, labTotalText } from '../../../core/money/lab-spending-text'
import { useSnapshotStore } from '../../state/window-context'
import { labSpendingCardText } from './costs-text'

/** What Hubify says that each shown lab has spent, apart from the amounts that are counted of pods. */
export function LabSpending() {
  const accounts = useSnapshotStore(({ snapshot }) => snapshot?.accounts)
  const shownId = useSnapshotStore(({ shownAccountId }) => shownAccountId)
  const atMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const labs = (accounts ?? []).filter(
    ({ entry }) => entry.lab !== undefined && (shownId === null || shownId === entry.id),
  )
  if (labs.length === 0) return null
  return (
    <section className="tile cost-list" aria-labelledby="lab-spending">
      <header>
        <h2 id="lab-spending">{labSpendingCardText.title}</h2>
        <span className="cap">{labSpendingCardText.scope}</span>
      </header>
      <ul>
        {labs.map(({ entry: { id, name }, lab }) => {
          const reading = lab?.spending ?? null
          const running = reading && labRunningText(reading.value)
          return (
            <li key={id}>
              <bdi className="cost-name" title={name}>
                {name}
              </bdi>
              {reading !== null && (
                <span className="cap">
                  {labScopeText(reading.value)}, {formatAgo(atMs - reading.atMs)}
                </span>
              )}
              {running !== null && <span className="cap">{running}</span>}
              <b>
                {reading === null
                  ? labSpendingCardText.notRead
                  : (labTotalText(reading.value) ?? labSpendingCardText.noTotal)}
              </b>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
