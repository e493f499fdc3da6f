import { accountName } from '../../../core/view/account-name'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../button'
import { serverNoteText } from './server-note-text'

interface ServerNoteProps {
  /** What of such an account is not on this page. */
  readonly what: 'queue' | 'activity'
}

/** Which of the shown accounts a server keeps, and where what this page is about is then. */
export function ServerNote({ what }: ServerNoteProps) {
  const { navigate } = useWindow()
  const kept = useSnapshotStore(({ snapshot }) =>
    snapshot === null
      ? ''
      : snapshot.obstacles
          .filter(({ code }) => code === 'server-keeps' || code === 'server-lost')
          .map(({ accountId }) => accountName(snapshot, accountId) ?? serverNoteText.onlyAccount)
          .join(', '),
  )
  if (kept === '') return null
  return (
    <p className="hint server-note">
      {serverNoteText[what](kept)}{' '}
      <Button kind="bare" onPress={() => navigate('settings', 'accounts')}>
        {serverNoteText.whichServer}
      </Button>
    </p>
  )
}
