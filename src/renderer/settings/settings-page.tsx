import './settings-page.css'
import { useEffect, useRef, useState } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import { changedSettings } from '../../core/settings/settings'
import { type SettingSection, settingSections } from '../../core/settings/definitions/setting-types'
import type { SettingsView } from '../../shared/requests/settings-requests'
import { AccountsSection } from '../accounts/accounts-section'
import { ServeStateRow } from '../pods-api/serve-state-row'
import { TokensSection } from '../pods-api/tokens-section'
import { ChannelsSection } from '../channels/channels-section'
import { AutoStopSection } from '../guard/auto-stop-section'
import { SnippetsSection } from '../snippets/snippets-section'
import { settingRowId } from '../state/setting-row-id'
import { useSettings } from '../state/hooks/use-settings'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { SearchBox } from '../ui/controls/search-box'
import { MarkedText } from './marked-text'
import {
  searchSettings,
  sectionOf,
  type SettingsBlock,
  settingsBlocks,
  type SettingsItem,
} from '../../core/settings/search-settings'
import { Button } from '../ui/button'
import { AboutRow } from './about-row'
import { SettingRow, type SettingRowProps } from './setting-row'
import { UpdateRow } from './update-row'
import { TransferSection } from './transfer-section'
import {
  type NotificationTest,
  notificationTestText,
  settingsText,
  testNotificationText,
} from './settings-text'

/** The section that was shown last in this window. */
const lastShown: { section: SettingSection } = { section: 'general' }

const sections = Object.entries(settingSections) as [SettingSection, string][]

/** All settings by section, with a search. Changes apply at once, and a shown value has been saved to disk. */
export function SettingsPage() {
  const view = useSettings()
  const target = useSnapshotStore((state) => state.pageTarget)
  const [section, setSection] = useState(lastShown.section)
  useEffect(() => {
    lastShown.section = section
  }, [section])
  const [query, setQuery] = useState('')
  const [followed, setFollowed] = useState<typeof target>(null)
  if (target !== followed) {
    setFollowed(target)
    const wanted = target === null ? null : sectionOf(target.id)
    if (wanted !== null) {
      setSection(wanted)
      setQuery('')
    }
  }
  const input = useFocus(target, view !== null)
  const isSearching = query.trim() !== ''
  const blocks = isSearching
    ? searchSettings(query, new Set(view === null ? [] : changedSettings(view.settings)))
    : settingsBlocks.filter((block) => block.section === section)
  return (
    <section className="settings" aria-label={settingsText.title}>
      <div className="settings-side">
        <h1>{settingsText.title}</h1>
        <nav aria-label={settingsText.sections}>
          <ul>
            {sections.map(([id, title]) => (
              <li key={id}>
                <AriaButton
                  className="nav-item"
                  {...(!isSearching && id === section && { 'aria-current': 'true' })}
                  onPress={(press) => {
                    setSection(id)
                    setQuery('')
                    press.target.closest('main')?.scrollTo(0, 0)
                  }}
                >
                  {title}
                </AriaButton>
              </li>
            ))}
          </ul>
        </nav>
      </div>
      <div className="settings-main">
        <SearchBox
          label={settingsText.search}
          placeholder={settingsText.search}
          value={query}
          onChange={setQuery}
          inputRef={input}
        />
        {isSearching && (
          <p className="cap" role="status">
            {settingsText.results(blocks.reduce((sum, { items }) => sum + items.length, 0))}
          </p>
        )}
        {view !== null &&
          blocks.map((block) => <Block key={block.id} block={block} query={query} view={view} />)}
      </div>
    </section>
  )
}

interface BlockProps {
  readonly block: SettingsBlock
  readonly query: string
  readonly view: SettingsView
}

function Block({ block: { id, title, section, items }, query, view }: BlockProps) {
  const isSearching = query.trim() !== ''
  return (
    <section className="setting-group" aria-labelledby={`settings-${id}`}>
      <h2 id={`settings-${id}`}>
        {isSearching && `${settingSections[section]} · `}
        <MarkedText text={title} query={query} />
      </h2>
      <div className="setting-rows">
        {items.map((item) =>
          item.kind === 'row' ? (
            <RowOf key={item.id} row={item.row} view={view} query={query} />
          ) : (
            <Panel key={item.id} item={item} query={query} view={view} />
          ),
        )}
      </div>
    </section>
  )
}

interface SettingsPanelProps {
  readonly item: SettingsItem
  readonly query: string
  readonly view: SettingsView
}

const RowOf = (props: SettingRowProps) =>
  props.row.names.includes('areUpdatesChecked') ? <UpdateRow {...props} /> : <SettingRow {...props} />

function Panel({ item, query, view }: SettingsPanelProps) {
  switch (item.id) {
    case 'auto-stop-mode':
      return <AutoStopSection />
    case 'test-notification':
      return <TestNotification />
    case 'snippets':
      return <SnippetsSection />
    case 'channels':
      return <ChannelsSection />
    case 'pods-api-state':
      return <ServeStateRow />
    case 'api-tokens':
      return <TokensSection />
    case 'accounts':
      return <AccountsSection />
    case 'about':
      return <AboutRow />
    case 'transfer':
      return <TransferSection />
    default:
      return (
        <div className="setting-row" id={settingRowId(item.id)} tabIndex={-1}>
          <div className="setting">
            <span className="label-like">
              <MarkedText text={item.label} query={query} />
            </span>
            <span slot="description">
              <MarkedText text={item.help} query={query} />
            </span>
            <span className="controls">
              {item.id === 'file' ? (
                <code>{view.path}</code>
              ) : (
                <span className="cap">{settingsText.inTrayMenu}</span>
              )}
            </span>
          </div>
        </div>
      )
  }
}

/** The search field, which has the focus unless a setting was asked for: that is scrolled to and focused. */
function useFocus(target: { readonly id: string } | null, hasRows: boolean) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (!hasRows) return
    const row = target === null ? null : document.getElementById(settingRowId(target.id))
    if (row === null) {
      input.current?.focus({ preventScroll: true })
      return
    }
    row.scrollIntoView({ block: 'center' })
    ;(row.querySelector<HTMLElement>('input, button') ?? row).focus({ preventScroll: true })
  }, [target, hasRows])
  return input
}

/** Sends a notification, since alerts are useless if nobody sees them. */
function TestNotification() {
  const { bridge, snapshotStore } = useWindow()
  const [result, setResult] = useState<NotificationTest>('none')
  const send = async (): Promise<void> => {
    if (result === 'sending') return
    setResult('sending')
    const delivery = await snapshotStore.runRequest(
      testNotificationText.notSent,
      bridge.sendTestNotification(),
    )
    setResult(delivery === null ? 'none' : delivery === 'shown' ? 'sent' : 'failed')
  }
  return (
    <div
      className="setting-row"
      id={settingRowId('test-notification')}
      role="group"
      aria-label={testNotificationText.title}
    >
      <div className="setting">
        <span className="label-like">{testNotificationText.title}</span>
        <span slot="description" role="status">
          {notificationTestText(result)}
        </span>
        <span className="controls">
          {result === 'sent' && (
            <>
              <Button onPress={() => setResult('seen')}>{testNotificationText.seen}</Button>
              <Button onPress={() => setResult('unseen')}>{testNotificationText.unseen}</Button>
            </>
          )}
          <Button onPress={() => void send()}>
            {result === 'none' ? testNotificationText.send : testNotificationText.sendAgain}
          </Button>
        </span>
      </div>
    </div>
  )
}
