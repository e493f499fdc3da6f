import './activity.css'
import { Component, createRef, type ReactNode, useEffect, useRef, useState } from 'react'
import { parsePodKey, type PodKey } from '../../core/pods/pod'
import { useShortcuts } from '../state/shortcuts'
import { useFocusInPage } from '../state/hooks/use-focus-in-page'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { commonText } from '../ui/common-text'
import { ActivityList } from './activity-list'
import { activityText, lookedText } from './activity-text'
import { ActivityTools } from './activity-tools'
import { type ActivityView, allActivity, toActivityFilter } from './activity-view'
import { type LoadedActivity, useActivity } from './use-activity'

/**
 * Keeps what is read in its place while rows are added above it: the row under the pointer, the one with the focus, or
 * the first one in view once the page is scrolled.
 */
class KeptPlace extends Component<{ readonly children: ReactNode }> {
  readonly #list = createRef<HTMLDivElement>()

  override getSnapshotBeforeUpdate(): Anchor | null {
    const element = this.#anchor()
    return element && { element, top: element.getBoundingClientRect().top }
  }

  override componentDidUpdate(_props: unknown, _state: unknown, anchor: Anchor | null): void {
    const scroller = this.#scroller()
    if (anchor === null || scroller === null || !anchor.element.isConnected) return
    scroller.scrollTop += anchor.element.getBoundingClientRect().top - anchor.top
  }

  #scroller(): Element | null {
    return this.#list.current?.closest('.scroller') ?? null
  }

  #anchor(): Element | null {
    const list = this.#list.current
    const scroller = this.#scroller()
    if (list === null || scroller === null) return null
    const focused = list.contains(document.activeElement) ? document.activeElement : null
    const read = list.querySelector('.entry:hover') ?? focused?.closest('.entry')
    if (read) return read
    if (scroller.scrollTop === 0) return null
    const { top } = scroller.getBoundingClientRect()
    return (
      [...list.querySelectorAll('.entry')].find((row) => row.getBoundingClientRect().bottom > top) ?? null
    )
  }

  override render() {
    return (
      <div ref={this.#list} className="activity-days">
        {this.props.children}
      </div>
    )
  }
}

/** A search starts this long after the last key. */
const TYPING_MS = 200

interface ActivityPanelProps {
  readonly view: ActivityView
  readonly onView: (change: Partial<ActivityView>) => void
  /** Null: those of all pods. */
  readonly podKey: PodKey | null
  /** Shows only another pod, or all; null: the panel is about one pod. */
  readonly onPod: ((podKey: PodKey | null) => void) | null
  /** Says what will be here. */
  readonly emptyText: string
}

/** The activity log with search, filters and export: docs/product-rules.md#101-activity-log. */
export function ActivityPanel({ view, onView, podKey, onPod, emptyText }: ActivityPanelProps) {
  const shownAccountId = useSnapshotStore((state) => state.shownAccountId)
  const isKnownAccount = useSnapshotStore(
    ({ snapshot }) => snapshot?.accounts.some(({ entry }) => entry.id === view.accountId) ?? false,
  )
  const accountId = shownAccountId ?? (isKnownAccount ? view.accountId : null)
  const filter = toActivityFilter(view, podKey, accountId)
  const activity = useActivity(filter)
  const { rows, loadEarlier, problem, reload } = activity
  const [search, setSearch] = useTypedSearch(view.search, (text) => onView({ search: text }))
  const pod = usePodName(podKey, activity)
  const { kind, outcome, span } = view
  const isOfPart = onPod !== null && (podKey !== null || (isKnownAccount && shownAccountId === null))
  const isFiltered =
    isOfPart || kind !== null || outcome !== null || span !== null || view.search.trim() !== ''
  const clear = (): void => {
    setSearch('')
    onView({ ...allActivity, chosenAtMs: view.chosenAtMs })
    if (podKey !== null) onPod?.(null)
  }

  const list = useRef<HTMLDivElement>(null)
  const searchField = useRef<HTMLInputElement>(null)
  /** How many rows there were when older ones were asked for. */
  const rowCount = useRef<number | null>(null)
  const keepFocus = useFocusInPage(() => {
    const rowElements = list.current?.querySelectorAll<HTMLElement>('.entry')
    const firstNew = rowCount.current === null ? undefined : rowElements?.[rowCount.current]
    rowCount.current = null
    return firstNew ?? searchField.current
  })
  const moveFocus = (by: 1 | -1): void => {
    const toggles = [...(list.current?.querySelectorAll<HTMLElement>('.entry-toggle') ?? [])]
    const at = toggles.findIndex((toggle) => toggle.closest('.entry')?.contains(document.activeElement))
    toggles[at === -1 ? 0 : Math.min(toggles.length - 1, Math.max(0, at + by))]?.focus()
  }
  useShortcuts({
    next: () => moveFocus(1),
    previous: () => moveFocus(-1),
    // On the page of a pod, Escape leads back to the list.
    ...(onPod !== null && { close: () => isFiltered && clear() }),
  })

  return (
    <div className="activity-panel" {...keepFocus}>
      <ActivityTools
        view={view}
        onView={onView}
        search={search}
        onSearch={setSearch}
        searchRef={searchField}
        filter={filter}
        pod={pod}
        onPod={onPod}
        onClear={isFiltered ? clear : null}
      />
      {problem !== null && (
        <div className="message bad" role="alert">
          <span className="words">{activityText.couldNotRead(problem)}</span>
          <Button onPress={reload}>{commonText.tryAgain}</Button>
        </div>
      )}
      <Results activity={activity} isFiltered={isFiltered} emptyText={emptyText} onClear={clear}>
        {rows !== null && rows.length > 0 && (
          <div ref={list}>
            <KeptPlace key={activity.source}>
              <ActivityList rows={rows} onPod={podKey === null ? onPod : null} />
            </KeptPlace>
          </div>
        )}
      </Results>
      {loadEarlier !== null && !activity.isLooking && (
        <div className="earlier">
          <Button
            onPress={() => {
              rowCount.current = rows?.length ?? null
              loadEarlier()
            }}
          >
            {activityText.showEarlier}
          </Button>
        </div>
      )}
    </div>
  )
}

interface ResultsProps {
  readonly activity: LoadedActivity
  readonly isFiltered: boolean
  readonly emptyText: string
  readonly onClear: () => void
  readonly children: ReactNode
}

/** The rows, how far a filter has looked for more, or why there are none. */
function Results({ activity, isFiltered, emptyText, onClear, children }: ResultsProps) {
  const { rows, looked, isLooking, problem, loadEarlier } = activity
  const { ticker } = useWindow()
  const isEmpty = rows !== null && rows.length === 0 && problem === null && loadEarlier === null
  const text = lookedText(looked.lines, looked.toMs, ticker.now())
  return (
    <>
      {isEmpty && !isFiltered && (
        <BlankSlate icon="bell" title={activityText.noneYet}>
          {emptyText}
        </BlankSlate>
      )}
      {isEmpty && isFiltered && (
        <BlankSlate
          icon="search"
          title={activityText.noMatch}
          actions={<Button onPress={onClear}>{activityText.showAll}</Button>}
        >
          {looked.lines === 0 ? activityText.noEntries : text}
        </BlankSlate>
      )}
      {children}
      <p className="cap looked" role="status">
        {isLooking && activityText.stillSearching(text)}
      </p>
    </>
  )
}

/** What is typed, which is searched for once nothing more is. */
function useTypedSearch(
  search: string,
  onSearch: (text: string) => void,
): readonly [text: string, setText: (text: string) => void] {
  const [text, setText] = useState(search)
  const latest = useRef(onSearch)
  useEffect(() => {
    latest.current = onSearch
  })
  useEffect(() => {
    if (text === search) return undefined
    const timer = setTimeout(() => latest.current(text), text === '' ? 0 : TYPING_MS)
    return () => clearTimeout(timer)
  }, [text, search])
  return [text, setText]
}

/** The pod and its name; one that is gone has the last name that the log knows. */
function usePodName(
  podKey: PodKey | null,
  { rows }: LoadedActivity,
): { readonly key: PodKey; readonly name: string } | null {
  const current = useSnapshotStore(({ podsByKey }) =>
    podKey === null ? null : (podsByKey.get(podKey)?.name ?? null),
  )
  if (podKey === null) return null
  const logged = rows?.find(({ newest }) => newest.podName !== null)?.newest.podName
  return { key: podKey, name: current ?? logged ?? parsePodKey(podKey).podId }
}

interface Anchor {
  readonly element: Element
  readonly top: number
}
