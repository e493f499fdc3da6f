import { useEffect, useRef, useState } from 'react'
import { displayName } from '../../core/files/file-name'
import type { TransferView } from '../../core/files/files-view'
import { progressPercent } from '../../core/files/progress-text'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Icon } from '../ui/icon'
import { itemsText, transferNews, transferPageText, transferText, whereText } from './files-text'

/** Transfers with their progress, and what can be done with each. */
export function TransferList({ transfers }: { readonly transfers: readonly TransferView[] }) {
  return (
    <section className="transfers" aria-label={transferPageText.transfers}>
      <h2>{transferPageText.transfers}</h2>
      {transfers.length === 0 ? (
        <p className="cap">{transferPageText.none}</p>
      ) : (
        <ul>
          {transfers.map((transfer) => (
            <TransferRow key={transfer.id} transfer={transfer} />
          ))}
        </ul>
      )}
      <News transfers={transfers} />
    </section>
  )
}

function TransferRow({ transfer }: { readonly transfer: TransferView }) {
  const { state, progress, skipped, skippedCount } = transfer
  const items = itemsText(transfer)
  const percent = progress === null ? null : progressPercent(progress)
  const isOpen = state.kind !== 'done' && state.kind !== 'failed'
  return (
    <li className={`transfer ${state.kind}`} aria-label={items}>
      <header>
        <b>
          <bdi>{items}</bdi>
        </b>
        {state.kind === 'done' && skippedCount === 0 && <Icon name="check" size={14} />}
        {isOpen && percent !== null && <span className="percent">{percent}%</span>}
      </header>
      {isOpen && percent !== null && (
        <div
          className="track"
          role="progressbar"
          aria-label={transferPageText.progressOf(items)}
          aria-valuenow={percent}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <span style={{ width: `${percent}%` }} />
        </div>
      )}
      <p className="cap">
        <bdi>{whereText(transfer)}</bdi>
      </p>
      <div className="state">
        <p className={state.kind === 'failed' ? 'failure' : 'cap'}>{transferText(transfer)}</p>
        <TransferButtons transfer={transfer} items={items} />
      </div>
      {skippedCount > 0 && (
        <details>
          <summary className="cap">{transferPageText.notCopied(skippedCount)}</summary>
          <ul className="skipped">
            {skipped.map(({ path, reason }, index) => (
              <li key={`${index} ${path}`}>
                <bdi>{displayName(path)}</bdi>: {reason}
              </li>
            ))}
            {skippedCount > skipped.length && <li>{transferPageText.more(skippedCount - skipped.length)}</li>}
          </ul>
        </details>
      )}
    </li>
  )
}

function TransferButtons({ transfer, items }: { readonly transfer: TransferView; readonly items: string }) {
  const { bridge, snapshotStore } = useWindow()
  const { id, state } = transfer
  const run = (request: ReturnType<typeof bridge.pauseTransfer>) =>
    void snapshotStore.runRequest(transferPageText.notDone(items), request)
  const label = (verb: string) => transferPageText.action(verb, items)
  const canResume = state.kind === 'paused' || state.kind === 'failed'
  const isEnded = state.kind === 'done' || canResume
  return (
    <span className="row-buttons">
      {state.kind === 'asking' && (
        <Button
          onPress={() => void snapshotStore.runRequest(transferPageText.notAnswered, bridge.showQuestion())}
        >
          {transferPageText.answer}
        </Button>
      )}
      {!isEnded && (
        <Button label={label(transferPageText.pause)} onPress={() => run(bridge.pauseTransfer(id))}>
          {transferPageText.pause}
        </Button>
      )}
      {canResume && (
        <Button label={label(transferPageText.resume)} onPress={() => run(bridge.resumeTransfer(id))}>
          {transferPageText.resume}
        </Button>
      )}
      <Button
        kind="bare"
        icon="close"
        label={label(isEnded ? transferPageText.remove : transferPageText.cancel)}
        onPress={() => run(bridge.removeTransfer(id))}
      />
    </span>
  )
}

/** Says to screen readers what became of the transfers. */
function News({ transfers }: { readonly transfers: readonly TransferView[] }) {
  const last = useRef(transfers)
  const [said, setSaid] = useState('')
  useEffect(() => {
    const text = transfers
      .map((now) =>
        transferNews(
          last.current.find(({ id }) => id === now.id),
          now,
        ),
      )
      .filter((each) => each !== '')
      .join(' ')
    last.current = transfers
    if (text !== '') setSaid(text)
  }, [transfers])
  return (
    <p className="unseen" role="status">
      {said}
    </p>
  )
}
