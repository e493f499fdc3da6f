import type { AccountId } from '../../core/pods/pod'
import type { Snapshot } from '../../core/view/snapshot'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'

/**
 * Asks whether a rotated key belongs to the same account, where Runpod does not tell. Renders nothing while that is not
 * asked.
 */
export function AccountQuestion() {
  const accountsJson = useSnapshotStore(({ snapshot }) =>
    JSON.stringify(snapshot === null ? [] : questionedAccounts(snapshot)),
  )
  const accounts = JSON.parse(accountsJson) as ReturnType<typeof questionedAccounts>
  return accounts.map((account) => <Question key={account.id} {...account} />)
}

/** The accounts that may be earlier ones. `name`: null where there is one account. */
function questionedAccounts({ account, accounts }: Snapshot) {
  const isOne = accounts.length < 2
  const parts = accounts.length === 0 ? [{ account, entry: null }] : accounts
  return parts.flatMap((part) => {
    const earlierKeyEnding = part.account?.earlierKeyEnding
    if (part.account === null || earlierKeyEnding === undefined) return []
    return [{ id: part.account.id, name: isOne ? null : (part.entry?.name ?? null), earlierKeyEnding }]
  })
}

function Question({
  id,
  name,
  earlierKeyEnding,
}: {
  readonly id: AccountId
  readonly name: string | null
  readonly earlierKeyEnding: string
}) {
  const { bridge, snapshotStore } = useWindow()
  const answer = (isSameAccount: boolean) =>
    void snapshotStore.runRequest(
      'Couldn’t save your answer',
      bridge.answerAccountQuestion(id, isSameAccount),
    )
  return (
    <Message
      tone="idle"
      isStacked
      actions={
        <>
          <Button kind="primary" onPress={() => answer(true)}>
            Same account, keep rules
          </Button>
          <Button onPress={() => answer(false)}>Another account, start fresh</Button>
        </>
      }
    >
      <b>Is {name === null ? 'this' : name} the same Runpod account?</b> Runpod doesn’t say whether this key
      belongs to the account of the earlier key ending in {earlierKeyEnding}. No pod is stopped automatically
      until you answer.
    </Message>
  )
}
