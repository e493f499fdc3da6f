import '@fontsource/jetbrains-mono/400.css'
import '@fontsource/jetbrains-mono/700.css'
import './logs.css'
import { useId, useRef, useState } from 'react'
import { Input, SearchField, Switch } from 'react-aria-components'
import { SECRETS_UNKNOWN } from '../../core/logs/log-text'
import type { PodKey } from '../../core/pods/pod'
import { useShortcuts } from '../state/shortcuts'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useWindow } from '../state/window-context'
import { copyText } from '../ui/copy-text'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { MatchButtons } from '../ui/controls/match-buttons'
import { ClockText } from '../ui/labels/clock-text'
import { Segments } from '../ui/controls/segments'
import { Icon } from '../ui/icon'
import { LogList } from './log-list'
import { lineCountText, logStateText, logText, matchText, type ShownSource, shownSources } from './logs-text'
import { copiedLines, saveLog } from './save-log'
import { type SearchState, useLogSearch } from './use-log-search'
import { useLogVersion } from './use-log-view'
import { useLog } from './use-log'
import { commonText } from '../ui/common-text'

/** The log of a pod, live, in all of its parent's room. See docs/product-rules.md#104-logs. */
export function LogView({ podKey }: { readonly podKey: PodKey }) {
  return <FollowedLog key={podKey} podKey={podKey} />
}

function FollowedLog({ podKey }: { readonly podKey: PodKey }) {
  const { bridge, snapshotStore } = useWindow()
  const { model, state, leftOutCount, retry } = useLog(podKey)
  useLogVersion(model)
  const search = useLogSearch(model)
  const [source, setSource] = useState<ShownSource>('all')
  const [isFollowing, setFollowing] = useState(true)
  const [hasTimes, setTimes] = useState(true)
  const [isWrapped, setWrapped] = useState(false)
  const scroller = useRef<HTMLDivElement>(null)
  const runOnce = useSingleFlight()
  const { book } = model.shown()
  const isEmpty = book.endIndex() === book.firstIndex()
  const last = book.line(book.endIndex() - 1)

  const go = (direction: 1 | -1): void => {
    setFollowing(false)
    search.go(direction)
  }
  const copy = (): void => {
    const selected = selectionIn(scroller.current)
    const { text, count, isAll } =
      selected === '' ? copiedLines(book) : { text: selected, count: 0, isAll: true }
    if (copyText(text)) snapshotStore.showToast('ok', logText.copied(count, isAll))
    else snapshotStore.showToast('bad', logText.couldNotCopy)
  }
  const save = async (): Promise<void> => {
    const path = await snapshotStore.runRequest(logText.notSaved, saveLog(bridge, podKey, book))
    if (path !== null) snapshotStore.showToast('ok', logText.saved(path))
  }
  return (
    <div className="log-view">
      <div className="log-tools">
        <Segments
          label={logText.source}
          options={shownSources}
          chosen={source}
          onChoose={(chosen) => {
            setSource(chosen)
            model.show(chosen === 'all' ? null : chosen)
          }}
        />
        <LogSearchField search={search} onGo={go} />
        <LogSwitch label={logText.follow} isOn={isFollowing} onChange={setFollowing} />
        <LogSwitch label={logText.timestamps} isOn={hasTimes} onChange={setTimes} />
        <LogSwitch label={logText.wrap} isOn={isWrapped} onChange={setWrapped} />
        <span className="log-actions">
          <Button icon="copy" whyNot={isEmpty ? logText.empty : null} onPress={copy}>
            {commonText.copy}
          </Button>
          <Button whyNot={isEmpty ? logText.empty : null} onPress={() => runOnce(save)}>
            {logText.save}
          </Button>
        </span>
      </div>
      {state.kind === 'live' && !state.areSecretsHidden && (
        <div className="message idle log-note">
          <Icon name="warning" size={16} />
          <span className="words">{SECRETS_UNKNOWN}</span>
        </div>
      )}
      <div className="log-frame">
        <LogList
          model={model}
          scroller={scroller}
          isFollowing={isFollowing}
          onFollow={setFollowing}
          hasTimes={hasTimes}
          isWrapped={isWrapped}
          searchText={search.text}
          current={search.current}
        />
        {isEmpty && <EmptyLog state={state.kind} source={source} />}
        {!isFollowing && !isEmpty && (
          <span className="log-latest">
            <Button
              icon="chevron"
              onPress={() => {
                setFollowing(true)
                scroller.current?.focus()
              }}
            >
              {logText.latest}
            </Button>
          </span>
        )}
      </div>
      <footer className="log-foot cap">
        <span role="status" className={state.kind === 'failed' ? 'bad-text' : undefined}>
          <ClockText textAt={(nowMs) => logStateText(state, last?.atMs ?? null, nowMs)} />
        </span>
        {state.kind === 'failed' && <Button onPress={retry}>{commonText.tryAgain}</Button>}
        <span className="log-count">{lineCountText(model.counts(), leftOutCount)}</span>
      </footer>
    </div>
  )
}

/** The selected text within an element. */
function selectionIn(element: HTMLElement | null): string {
  const selection = document.getSelection()
  if (element === null || selection === null || selection.isCollapsed) return ''
  return element.contains(selection.anchorNode) ? selection.toString() : ''
}

function EmptyLog({ state, source }: { readonly state: string; readonly source: ShownSource }) {
  if (state === 'opening') return null
  return (
    <div className="log-empty">
      <BlankSlate icon="page" title={logText.empty}>
        {logText.emptyHelp[source]}
      </BlankSlate>
    </div>
  )
}

/** Enter goes to the previous match, Shift+Enter to the next, since the newest lines are at the end. */
function LogSearchField({
  search,
  onGo,
}: {
  readonly search: SearchState
  readonly onGo: (direction: 1 | -1) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  useShortcuts({ search: () => input.current?.select() })
  const hasText = search.text !== ''
  return (
    <div className="log-search" role="search" aria-label={logText.search}>
      <SearchField
        className="search"
        aria-label={logText.search}
        value={search.text}
        onChange={search.setText}
      >
        <Icon name="search" size={15} />
        <Input
          ref={input}
          className="search-input"
          placeholder={logText.searchHint}
          spellCheck={false}
          autoComplete="off"
          maxLength={200}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            onGo(event.shiftKey ? 1 : -1)
          }}
        />
        <span className="cap" role="status">
          {hasText ? matchText(search.place, search.count, search.isComplete) : ''}
        </span>
        {!hasText && <kbd aria-hidden="true">/</kbd>}
      </SearchField>
      {hasText && <MatchButtons enterGoes={1} onGo={onGo} />}
    </div>
  )
}

interface LogSwitchProps {
  readonly label: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
}

function LogSwitch({ label, isOn, onChange }: LogSwitchProps) {
  const id = useId()
  return (
    <span className="log-switch">
      <Switch className="switch" isSelected={isOn} onChange={onChange} aria-labelledby={id}>
        <span className="knob" />
      </Switch>
      <span id={id} aria-hidden="true">
        {label}
      </span>
    </span>
  )
}
