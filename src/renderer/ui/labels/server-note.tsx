import { accountName } from '../../../core/view/account-name'
import type { ServerPageKind } from '../../../core/view/window/server-page'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../button'
import { serverNoteText } from './server-note-text'
import { ServerPageRows } from './server-page-rows'

interface ServerNoteProps {
  /** What of such an account is at its server. */
  readonly what: ServerPageKind
}

/** Which of the shown accounts a server keeps, and what it has of what this page is about. */
export function ServerNote({ what }: ServerNoteProps) {
  const { navigate } = useWindow()
  // As text, so that an equal list draws nothing.
  const ids = useSnapshotStore(({ snapshot }) =>
    (snapshot?.obstacles ?? [])
      .flatMap(({ code, accountId }) =>
        code === 'server-keeps' || code === 'server-lost' ? [accountId] : [],
      )
      .join(' '),
  )
  const names = useSnapshotStore(({ snapshot }) =>
    ids
      .split(' ')
      .map((id) => accountName(snapshot, id) ?? serverNoteText.onlyAccount)
      .join(', '),
  )
  if (ids === '') return null
  return (
    <>
      <p className="hint server-note">
        {serverNoteText[what](names)}{' '}
        <Button kind="bare" onPress={() => navigate('settings', 'accounts')}>
          {serverNoteText.whichServer}
        </Button>
      </p>
      {ids.split(' ').map((id) => (
        <ServerPageRows key={id} accountId={id} kind={what} />
      ))}
    </>
  )
}
