import '../styles/data-table.css'
import './server-page-rows.css'
import { useEffect, useState } from 'react'
import type { AccountId } from '../../../core/pods/pod'
import { accountName } from '../../../core/view/account-name'
import type { ServerPage, ServerPageKind } from '../../../core/view/window/server-page'
import { answerOf } from '../../state/answer-of'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { serverNoteText } from './server-note-text'

interface ServerPageRowsProps {
  readonly accountId: AccountId
  readonly kind: ServerPageKind
}

const READ_EVERY_MS = 30_000

/** Jobs or activity of an account at the server that keeps it, read-only, as last read. */
export function ServerPageRows({ accountId, kind }: ServerPageRowsProps) {
  const page = useServerPage(accountId, kind)
  const account = useSnapshotStore(({ snapshot }) => accountName(snapshot, accountId))
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  if (page === null) return null
  const title = serverNoteText.title(kind, page.host, account)
  const [what, detail, when] = serverNoteText.columns[kind]
  return (
    <section className="server-rows" aria-label={title}>
      <h2>{title}</h2>
      {page.problem !== null && <p role="status">{serverNoteText.problem(page, nowMs)}</p>}
      {page.problem === null && page.rows.length === 0 && <p className="hint">{serverNoteText.none[kind]}</p>}
      {page.rows.length > 0 && (
        // The region is scrolled by keys, too.
        <div className="server-rows-scroll" tabIndex={0} role="group" aria-label={title}>
          <table className="data-table">
            <thead>
              <tr>
                <th scope="col">{what}</th>
                <th scope="col">{detail}</th>
                <th scope="col">{when}</th>
              </tr>
            </thead>
            <tbody>
              {page.rows.map(({ text, detail: own, atMs }, index) => (
                <tr key={`${atMs} ${index}`}>
                  <th scope="row">
                    <bdi title={text}>{text}</bdi>
                  </th>
                  <td className="dim">
                    <bdi>{own}</bdi>
                  </td>
                  <td className="dim">{serverNoteText.moment(atMs, nowMs)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

/** Null until it was read once, and where it can't be. */
function useServerPage(accountId: AccountId, kind: ServerPageKind): ServerPage | null {
  const { bridge } = useWindow()
  const [page, setPage] = useState<ServerPage | null>(null)
  useEffect(() => {
    let isActive = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const read = async (): Promise<void> => {
      const answer = await answerOf(bridge.serverPage(accountId, kind))
      if (!isActive) return
      if (answer.ok) setPage(answer.value)
      timer = setTimeout(() => void read(), READ_EVERY_MS)
    }
    void read()
    return () => {
      isActive = false
      clearTimeout(timer)
    }
  }, [bridge, accountId, kind])
  return page
}
