import { useEffect, useRef, useState } from 'react'
import { GridList, GridListItem, type Selection } from 'react-aria-components'
import type { FolderItem } from '../../core/files/files-view'
import { changedText, filesPageText, linkText, modeText, nameText, sizeText } from './files-text'
import { FileIcon } from './file-icon'
import type { ShownFolder } from './use-folder'

interface FolderListProps {
  readonly label: string
  readonly shown: ShownFolder
  /** The focus goes to the first file, or to the wanted one. */
  readonly takesFocus: boolean
  readonly onOpen: (item: FolderItem) => void
  readonly onUp: () => void
  readonly onSelect: (names: readonly string[]) => void
  /** Absent: these can't be changed here. */
  readonly onRename?: () => void
  readonly onDelete?: () => void
}

/** The files of one folder. It is made anew for each listing. */
export function FolderList({ label, shown, takesFocus, onOpen, onUp, onSelect, ...on }: FolderListProps) {
  const items = shown.folder?.items ?? []
  const wanted = items.findIndex(({ path }) => path === shown.wanted)
  const [selected, setSelected] = useState<Selection>(() => new Set(wanted < 0 ? [] : [String(wanted)]))
  const [nowMs] = useState(() => Date.now())
  const list = useRef<HTMLDivElement>(null)
  const [focusAt] = useState(takesFocus ? Math.max(0, wanted) : null)
  useEffect(() => {
    if (focusAt === null) return undefined
    // The library draws the rows after this, and its own way of focusing ignores what is selected.
    const frame = requestAnimationFrame(() => {
      const row = list.current?.querySelector<HTMLElement>(`[data-key="${focusAt}"]`)
      ;(row ?? list.current)?.focus()
    })
    return () => cancelAnimationFrame(frame)
  }, [focusAt])
  const change = (next: Selection) => {
    setSelected(next)
    onSelect(items.filter((_, index) => next === 'all' || next.has(String(index))).map(({ path }) => path))
  }
  return (
    <div
      className="folder-list"
      onKeyDown={(event) => {
        const run = { Backspace: onUp, F2: on.onRename, Delete: on.onDelete }[event.key]
        if (run === undefined) return
        event.preventDefault()
        run()
      }}
    >
      <GridList
        ref={list}
        aria-label={label}
        selectionMode="multiple"
        selectionBehavior="replace"
        selectedKeys={selected}
        onSelectionChange={change}
        onAction={(key) => {
          const item = items[Number(key)]
          if (item !== undefined) onOpen(item)
        }}
        renderEmptyState={() => <p className="cap">{filesPageText.empty}</p>}
      >
        {items.map((item, index) => {
          const name = nameText(item.path)
          const link = linkText(item)
          const facts = [sizeText(item), changedText(item, nowMs), modeText(item)]
          return (
            <GridListItem key={index} id={String(index)} textValue={name} className="folder-item">
              <FileIcon item={item} />
              <span className="name">
                <bdi>{name}</bdi>
                {link !== null && (
                  <span className="cap">
                    <bdi>{link}</bdi>
                  </span>
                )}
              </span>
              <span className="size">{facts[0]}</span>
              <span className="changed">{facts[1]}</span>
              <code className="mode">{facts[2]}</code>
            </GridListItem>
          )
        })}
      </GridList>
    </div>
  )
}
