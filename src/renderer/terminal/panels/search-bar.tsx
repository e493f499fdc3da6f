import { useEffect, useRef, useState } from 'react'
import { Input, SearchField, ToggleButton } from 'react-aria-components'
import { Button } from '../../ui/button'
import { commonText } from '../../ui/common-text'
import { MatchButtons } from '../../ui/controls/match-buttons'
import { Icon } from '../../ui/icon'
import {
  type MatchCount,
  matchCountText,
  type SearchOutcome,
  type SearchQuery,
} from '../screen/screen-search'
import type { XtermScreen } from '../screen/xterm-screen'
import { searchBarText } from './panels-text'

/** Searches screen and scrollback. Enter finds the previous match, Shift+Enter the next; Escape closes. */
export function SearchBar({
  screen,
  onClose,
}: {
  readonly screen: XtermScreen
  readonly onClose: () => void
}) {
  const [query, setQuery] = useState<SearchQuery>(() => ({
    text: screen.selection().split('\n')[0]?.slice(0, 200) ?? '',
    isCaseSensitive: false,
    isRegex: false,
  }))
  const [count, setCount] = useState<MatchCount>({ count: 0, index: -1 })
  const [outcome, setOutcome] = useState<SearchOutcome>('found')
  const initialQuery = useRef(query)

  useEffect(() => {
    const unsubscribe = screen.search.onCount(setCount)
    screen.search.find(initialQuery.current, 0)
    return () => {
      unsubscribe()
      screen.search.clear()
    }
  }, [screen])

  const change = (changes: Partial<SearchQuery>): void => {
    const next = { ...query, ...changes }
    setQuery(next)
    setOutcome(screen.search.find(next, 0))
  }
  const step = (direction: -1 | 1): void => setOutcome(screen.search.find(query, direction))
  const { text, isCaseSensitive, isRegex } = query
  const isFound = text === '' || (outcome === 'found' && count.count > 0)
  return (
    <div className="term-search" role="search" aria-label={searchBarText.search}>
      <SearchField
        className="search"
        aria-label={searchBarText.search}
        value={text}
        onChange={(typed) => change({ text: typed })}
      >
        <Icon name="search" size={14} />
        <Input
          className="search-input"
          autoFocus
          spellCheck={false}
          autoComplete="off"
          maxLength={500}
          placeholder={searchBarText.placeholder}
          onKeyDown={(event) => {
            if (event.key === 'Enter') step(event.shiftKey ? 1 : -1)
            else if (event.key !== 'Escape') return
            else onClose()
            event.preventDefault()
            event.stopPropagation()
          }}
        />
      </SearchField>
      <span className={isFound ? 'cap' : 'cap bad-words'} role="status">
        {matchCountText(text, outcome, count)}
      </span>
      <ToggleButton
        className="term-toggle"
        data-sign
        aria-label={searchBarText.matchCase}
        isSelected={isCaseSensitive}
        onChange={(isOn) => change({ isCaseSensitive: isOn })}
      >
        {searchBarText.matchCaseSign}
      </ToggleButton>
      <ToggleButton
        className="term-toggle"
        data-sign
        aria-label={searchBarText.regex}
        isSelected={isRegex}
        onChange={(isOn) => change({ isRegex: isOn })}
      >
        .*
      </ToggleButton>
      <MatchButtons enterGoes={-1} onGo={step} />
      <Button
        kind="bare"
        icon="close"
        shortcut={commonText.escKey}
        label={searchBarText.close}
        onPress={onClose}
      />
    </div>
  )
}
