import { useState } from 'react'
import {
  type AccountRecordChanges,
  accountColors,
  MAX_ACCOUNT_NAME,
  providerName,
} from '../../core/settings/account-record'
import type { AccountEntry, AccountPart } from '../../core/view/snapshot'
import { autoScheduleHelp, autoScheduleOf, scheduleNotChanged } from '../pod-model/text/job-text'
import { withAccount } from '../state/schedule-rules'
import { useQueue } from '../state/hooks/use-queue'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useWindow } from '../state/window-context'
import { AccountBadge } from '../ui/labels/account-badge'
import { Button } from '../ui/button'
import { Choice } from '../ui/controls/choice'
import { Toggle } from '../ui/controls/toggle'
import { TypedField } from '../ui/controls/typed-field'
import { AccountCheckDialog } from './account-check-dialog'
import { CreateForJobs } from './create-for-jobs'
import { ServerRows } from './server-rows'
import { LabRows } from './lab-rows'
import { BudgetField } from '../money/budget-field'
import { keyText, keyTestText, accountRowText } from './account-row-text'
import { accountStateText, isInTrouble } from './accounts-text'

interface AccountRowProps {
  readonly part: AccountPart
  readonly isOnly: boolean
  /** Null where it cannot be moved. */
  readonly onUp: (() => void) | null
  readonly onDown: (() => void) | null
  /** Shows a sentence below the accounts. */
  readonly onMessage: (text: string) => void
}

/** One account: its key and state, what a person calls it, and its budgets where there are others. */
export function AccountRow({ part, isOnly, onUp, onDown, onMessage }: AccountRowProps) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const [isChecking, setChecking] = useState(false)
  const { entry, account } = part
  const { id, name } = entry
  const provider = providerName(entry.provider)
  const change = async (changes: AccountRecordChanges): Promise<string | null> => {
    const answer = await bridge.changeAccount(id, changes)
    return answer.ok ? null : answer.error.message
  }
  const run = (title: string, changes: AccountRecordChanges) =>
    runOnce(() => snapshotStore.runRequest(title, bridge.changeAccount(id, changes)))
  const test = () =>
    runOnce(async () => {
      onMessage(accountRowText.checkingWith(provider))
      const verdict = await snapshotStore.runRequest(accountRowText.couldNotTest, bridge.testKey(id))
      onMessage(verdict === null ? '' : keyTestText(verdict, entry, account?.isMonitorOnly === true))
    })
  const remove = () =>
    runOnce(async () => {
      const isRemoved = await snapshotStore.runRequest(
        accountRowText.couldNotRemove,
        bridge.removeAccount(id),
      )
      if (isRemoved === true) onMessage(accountRowText.removed(name, provider))
    })
  return (
    <div className="account-row" role="group" aria-label={accountRowText.label(name)}>
      <div className="account-head">
        <AccountBadge entry={entry} />
        <b>{name}</b>
        <span className={!entry.isPaused && isInTrouble(part) ? 'cap negative' : 'cap'}>
          {accountStateText(part)}
        </span>
        <span className="account-moves">
          {onUp !== null && (
            <Button kind="bare" icon="up" label={accountRowText.moveUp(name)} onPress={onUp} />
          )}
          {onDown !== null && (
            <Button kind="bare" icon="chevron" label={accountRowText.moveDown(name)} onPress={onDown} />
          )}
        </span>
      </div>
      <p>{keyText(part)}</p>
      <TypedField
        label={accountRowText.name}
        help={accountRowText.nameHelp}
        kind="text"
        unit={null}
        placeholder=""
        value={name}
        validate={(draft) =>
          draft.trim() === '' || draft.trim().length > MAX_ACCOUNT_NAME ? accountRowText.nameProblem : null
        }
        onCommit={(draft) => change({ name: draft.trim() })}
      />
      {!isOnly && (
        <>
          <Choice
            label={accountRowText.color}
            options={accountColors.map((color) => ({ id: color, label: colorLabel(color) }))}
            chosen={entry.color}
            onChoose={(color) => run(accountRowText.couldNotChangeColor, { color })}
          />
          <BudgetField
            label={accountRowText.monthlyBudget}
            help={accountRowText.monthlyBudgetHelp}
            budgetUsd={entry.monthlyBudgetUsd}
            onCommit={(monthlyBudgetUsd) => change({ monthlyBudgetUsd })}
          />
          <BudgetField
            label={accountRowText.dailyBudget}
            help={accountRowText.dailyBudgetHelp}
            budgetUsd={entry.dailyBudgetUsd}
            onCommit={(dailyBudgetUsd) => change({ dailyBudgetUsd })}
          />
        </>
      )}
      <AccountToggles entry={entry} />
      {account !== null && <ServerRows part={part} onMessage={onMessage} />}
      {entry.lab !== undefined && <LabRows part={part} onMessage={onMessage} />}
      <div className="actions">
        {account !== null && (
          <Button label={accountRowText.testKeyOf(name)} onPress={test}>
            {accountRowText.testKey}
          </Button>
        )}
        {account !== null && (
          <Button label={accountRowText.checkOf(name)} onPress={() => setChecking(true)}>
            {accountRowText.check}
          </Button>
        )}
        {entry.isPaused ? (
          <Button
            label={accountRowText.resumeOf(name)}
            onPress={() => run(accountRowText.couldNotResume, { isPaused: false })}
          >
            {accountRowText.resume}
          </Button>
        ) : (
          <Button
            label={accountRowText.pauseOf(name)}
            onPress={() => run(accountRowText.couldNotPause, { isPaused: true })}
          >
            {accountRowText.pause}
          </Button>
        )}
        <Button label={accountRowText.removeOf(name)} onPress={remove}>
          {accountRowText.remove}
        </Button>
      </div>
      {isChecking && <AccountCheckDialog accountId={id} name={name} onClose={() => setChecking(false)} />}
      {entry.isPaused && <p className="hint">{accountRowText.paused}</p>}
    </div>
  )
}

function AccountToggles({ entry }: { readonly entry: AccountEntry }) {
  const { bridge, snapshotStore } = useWindow()
  const { id, name, watchesNewPods, watchesEndpoints, lab } = entry
  const change = (changes: AccountRecordChanges): void =>
    void snapshotStore.runRequest(accountRowText.couldNotChange, bridge.changeAccount(id, changes))
  return (
    <>
      <AutoScheduleToggle entry={entry} />
      <Toggle
        label={accountRowText.watchNewPods(name)}
        help={accountRowText.watchNewPodsHelp}
        isOn={watchesNewPods}
        onChange={(isOn) => change({ watchesNewPods: isOn })}
      />
      {lab === undefined && (
        <Toggle
          label={accountRowText.watchEndpoints(name)}
          help={accountRowText.watchEndpointsHelp}
          isOn={watchesEndpoints}
          onChange={(isOn) => change({ watchesEndpoints: isOn })}
        />
      )}
    </>
  )
}

/** Off unless a person turned it on, which the app's own window asks about. */
function AutoScheduleToggle({ entry: { id, name, lab } }: { readonly entry: AccountEntry }) {
  const { bridge, snapshotStore } = useWindow()
  const queue = useQueue()
  if (queue === null) return null
  const { rules } = queue
  const isOn = rules.accountIds.includes(id)
  return (
    <>
      <Toggle
        label={autoScheduleOf(name)}
        help={lab === undefined ? autoScheduleHelp.account : autoScheduleHelp.lab}
        isOn={isOn}
        onChange={(next) =>
          void snapshotStore.runRequest(scheduleNotChanged, bridge.setSchedule(withAccount(rules, id, next)))
        }
      />
      {isOn && lab === undefined && <CreateForJobs accountId={id} rules={rules} />}
    </>
  )
}

const colorLabel = (color: string): string => color.charAt(0).toUpperCase() + color.slice(1)
