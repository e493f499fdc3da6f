import { formatDuration, formatMoment } from '../../core/format'
import type { BalanceView } from '../../core/snapshot'
import { HOUR_MS } from '../../core/time'
import { isIdle } from '../pods/pods-view'
import { useMirror } from '../state/window-context'
import { Money } from '../ui/money'
import { burnPartWords, burnSplit } from './burn-split'

/** What burns now and for whom, what is left, and how many pods do what. */
export function FleetSummary() {
  return (
    <section className="fleet" aria-label="Money and counts">
      <Burning />
      <BalanceTile />
      <Counts />
    </section>
  )
}

function Burning() {
  const burn = useMirror(({ snapshot }) => snapshot?.burn ?? null)
  const pods = useMirror(({ snapshot }) => snapshot?.pods ?? null)
  const asOf = useMirror(({ snapshot }) =>
    snapshot === null || snapshot.pictureAtMs === null || snapshot.connection.kind === 'live'
      ? null
      : formatMoment(snapshot.pictureAtMs, { nowMs: snapshot.atMs }),
  )
  if (burn === null || pods === null) return null
  const parts = burnSplit(pods)
  return (
    <div className="tile burning">
      <div className="cap">
        {asOf === null ? 'Burning now' : `Burning at ${asOf}`}
        {burn.isAtLeast && ', at least: a price is not known'}
      </div>
      <div className="huge">
        <Money usd={burn.perHourUsd} per="hour" />
      </div>
      {parts.length > 0 && (
        <>
          <div className="split" aria-hidden="true">
            {parts.map(({ key, share, podId }, index) => (
              <span
                key={key}
                className={`part ${podId === null ? key : `s${index + 1}`}`}
                style={{ flexGrow: share }}
              />
            ))}
          </div>
          <ul className="legend" aria-label="Who burns it">
            {parts.map((part, index) => (
              <li key={part.key}>
                <span
                  className={`swatch ${part.podId === null ? part.key : `s${index + 1}`}`}
                  aria-hidden="true"
                />
                <bdi title={part.name}>{part.name}</bdi>
                <span className="figures">{burnPartWords(part)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

/** Below that the runway is worth a colour: the first of the runway alerts. Product rules, "Money". */
const LOW_RUNWAY_MS = 24 * HOUR_MS

function BalanceTile() {
  const balance = useMirror(({ snapshot }) => snapshot?.balance ?? null)
  const runwayMs = useMirror(({ snapshot }) => snapshot?.runwayMs ?? null)
  if (balance === null) return null
  return (
    <div className="tile">
      <div className="cap">Balance</div>
      <BalanceFigure balance={balance} />
      {runwayMs !== null && (
        <p className="foot">
          runs out in{' '}
          <b className={runwayMs < LOW_RUNWAY_MS ? 'low' : undefined}>{formatDuration(runwayMs)}</b>
        </p>
      )}
    </div>
  )
}

function BalanceFigure({ balance }: { readonly balance: BalanceView }) {
  switch (balance.kind) {
    case 'known':
      return (
        <div className={balance.usd < 0 ? 'figure negative' : 'figure'}>
          <Money usd={balance.usd} />
        </div>
      )
    case 'unavailable':
      return (
        <>
          <div className="figure dim">–</div>
          <p className="foot">Not available, see it in Runpod: {balance.reason}</p>
        </>
      )
    case 'not-asked':
      return <div className="figure dim">–</div>
  }
}

function Counts() {
  const counts = useMirror(({ snapshot }) => {
    const of = (phase: string) => snapshot?.pods.filter((pod) => pod.phase === phase).length ?? 0
    const idle = snapshot?.pods.filter(isIdle).length ?? 0
    return [
      ['running', of('running')],
      ['of them idle', idle],
      ['being created', of('creating')],
      ['stopped', of('stopped')],
      ['in error', of('error')],
      ['in an unknown state', of('unknown')],
    ]
      .filter(([word, count]) => count !== 0 || word === 'running')
      .map(([word, count]) => `${count} ${word}`)
      .join('\n')
  })
  const [first = '', ...others] = counts.split('\n')
  return (
    <div className="tile">
      <div className="cap">Pods</div>
      <div className="figure">{first}</div>
      {others.length > 0 && <p className="foot">{others.join(' · ')}</p>}
    </div>
  )
}
