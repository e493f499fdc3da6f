import './accounts.css'
import { type KeyboardEvent, useState } from 'react'
import {
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Button as AriaButton,
} from 'react-aria-components'
import { burnRateText } from '../../core/money/burn-rate'
import type { AccountPart } from '../../core/view/snapshot'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { afterMenu } from '../ui/after-menu'
import { AccountBadge, AllAccountsBadge } from '../ui/labels/account-badge'
import { Icon } from '../ui/icon'
import {
  accountKindText,
  accountRateText,
  accountStateText,
  isInTrouble,
  accountMenuText,
} from './accounts-text'

/** No account has this id. */
const ALL = '*'
const NONE: readonly AccountPart[] = []

/** Shows all accounts or one of them; the keys 0 to 9 choose while it is open. Renders nothing with one account. */
export function AccountMenu({ onAdd }: { readonly onAdd: () => void }) {
  const { snapshotStore, navigate } = useWindow()
  const accounts = useSnapshotStore(({ wholeSnapshot }) => wholeSnapshot?.accounts ?? NONE)
  const whole = useSnapshotStore(({ wholeSnapshot }) => wholeSnapshot)
  const shownId = useSnapshotStore(({ shownAccountId }) => shownAccountId)
  const [isOpen, setOpen] = useState(false)
  if (accounts.length < 2 || whole === null) return null
  const shown = accounts.find(({ entry }) => entry.id === shownId)
  const choose = (key: string): void => {
    if (key === 'add') afterMenu(onAdd)
    else if (key === 'manage') afterMenu(() => navigate('settings', 'accounts'))
    else snapshotStore.showAccount(key === ALL ? null : key)
  }
  const onDigit = (event: KeyboardEvent): void => {
    const digit = /^[0-9]$/.test(event.key) ? Number(event.key) : null
    if (digit === null || event.ctrlKey || event.metaKey || event.altKey) return
    const chosen = digit === 0 ? ALL : accounts[digit - 1]?.entry.id
    if (chosen === undefined) return
    event.preventDefault()
    event.stopPropagation()
    choose(chosen)
    setOpen(false)
  }
  return (
    <MenuTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <AriaButton className="account-switch">
        <span className="unseen">{accountMenuText.current} </span>
        {shown === undefined ? <AllAccountsBadge /> : <AccountBadge entry={shown.entry} />}
        <span className="account-name">{shown?.entry.name ?? accountMenuText.all}</span>
        <Icon name="chevron" size={14} />
      </AriaButton>
      <Popover className="menu-popover" placement="bottom start" offset={4}>
        <div className="account-menu-scroller" onKeyDownCapture={onDigit}>
          <Menu
            className="menu account-menu"
            aria-label={accountMenuText.label}
            onAction={(key) => choose(String(key))}
          >
            <MenuSection
              className="menu-section"
              aria-label={accountMenuText.show}
              selectionMode="single"
              disallowEmptySelection
              selectedKeys={[shownId ?? ALL]}
            >
              <MenuItem id={ALL} className="menu-item" textValue={accountMenuText.all}>
                {({ isSelected }) => (
                  <>
                    <AllAccountsBadge />
                    <span className="account-words">
                      <b>{accountMenuText.all}</b>
                      <span className="cap">{accountMenuText.pods(whole)}</span>
                    </span>
                    <span className="account-figures">{burnRateText(whole.burn)}</span>
                    <ChosenMark isChosen={isSelected} />
                    <kbd aria-hidden="true">0</kbd>
                  </>
                )}
              </MenuItem>
              {accounts.map((part, index) => (
                <AccountItem key={part.entry.id} part={part} number={index + 1} />
              ))}
            </MenuSection>
            <MenuSection className="menu-section" aria-label={accountMenuText.accounts}>
              <MenuItem id="add" className="menu-item" textValue={accountMenuText.add}>
                <Icon name="plus" size={15} />
                <span className="account-words">{accountMenuText.add}</span>
              </MenuItem>
              <MenuItem id="manage" className="menu-item" textValue={accountMenuText.manage}>
                <Icon name="settings" size={15} />
                <span className="account-words">{accountMenuText.manage}</span>
              </MenuItem>
            </MenuSection>
          </Menu>
        </div>
      </Popover>
    </MenuTrigger>
  )
}

function AccountItem({ part, number }: { readonly part: AccountPart; readonly number: number }) {
  const { entry } = part
  const state = accountStateText(part)
  const isTrouble = !entry.isPaused && isInTrouble(part)
  return (
    <MenuItem id={entry.id} className="menu-item" textValue={entry.name}>
      {({ isSelected }) => (
        <>
          <AccountBadge entry={entry} />
          <span className="account-words">
            <b>{entry.name}</b>
            <span className="cap">{accountKindText(part)}</span>
          </span>
          <span className="account-figures">
            {accountRateText(part)}
            <span className={isTrouble ? 'cap negative' : 'cap'}>{state}</span>
          </span>
          <ChosenMark isChosen={isSelected} />
          {number <= 9 ? <kbd aria-hidden="true">{number}</kbd> : <span className="no-key" />}
        </>
      )}
    </MenuItem>
  )
}

/** Keeps its place where the account is not the chosen one. */
function ChosenMark({ isChosen }: { readonly isChosen: boolean }) {
  return <span className="chosen-mark">{isChosen && <Icon name="check" size={14} />}</span>
}
