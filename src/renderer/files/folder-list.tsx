import { useEffect, useRef } from 'react'
import { GridList, GridListItem } from 'react-aria-components'
import type { FolderItem } from '../../core/files/files-view'
import { changedText, filesPageText, linkText, modeText, nameText, sizeText } from './files-text'
import type { ShownFolder } from './use-folder'

interface FolderListProps {
  readonly label: string
  readonly shown: ShownFolder
  /** The names of those that are selected. */
  readonly selected: readonly string[]
  readonly onOpen: (item: FolderItem) => void
  readonly onUp: () => void
  readonly onSelect: (names: readonly string[]) => void
  /** Absent: these can't be changed here. */
  readonly onRename?: () => void
  readonly onDelete?: () => void
}

/** The files of one folder. When they are listed again, the focus and what is selected stay. */
export function FolderList({ label, shown, selected, onOpen, onUp, onSelect, ...on }: FolderListProps) {
  const { serial, takesFocus, wanted, listedAtMs } = shown
  const items = shown.folder?.items ?? []
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!takesFocus) return undefined
    // The library draws the rows after this, and its own way of focusing ignores what is selected.
    const frame = requestAnimationFrame(() => {
      const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-key]') ?? [])]
      const row = rows.find(({ dataset }) => dataset['key'] === wanted) ?? rows[0]
      ;(row ?? list.current)?.focus()
    })
    return () => cancelAnimationFrame(frame)
  }, [serial, takesFocus, wanted])
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
        onSelectionChange={(keys) =>
          onSelect(items.map(({ path }) => path).filter((name) => keys === 'all' || keys.has(name)))
        }
        onAction={(key) => {
          const item = items.find(({ path }) => path === key)
          if (item !== undefined) onOpen(item)
        }}
        renderEmptyState={() => <p className="cap">{filesPageText.empty}</p>}
      >
        {items.map((item) => {
          const name = nameText(item.path)
          const link = linkText(item)
          const facts = [sizeText(item), changedText(item, listedAtMs), modeText(item)]
          return (
            <GridListItem key={item.path} id={item.path} textValue={name} className="folder-item">
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

/** Hidden from screen readers, which hear the permissions. */
function FileIcon({ item: { kind, leadsTo } }: { readonly item: FolderItem }) {
  const isFolder = kind === 'folder' || leadsTo === 'folder'
  return (
    <svg
      className={`icon ${isFolder ? 'folder' : 'file'}`}
      width={16}
      height={16}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinejoin="round"
      strokeDasharray={kind === 'link' ? '3 2.4' : undefined}
      aria-hidden="true"
    >
      {isFolder ? (
        <path d="M3.5 6.5a1.5 1.5 0 0 1 1.5-1.5h4l2 2.5h8a1.5 1.5 0 0 1 1.5 1.5v8.5a1.5 1.5 0 0 1-1.5 1.5H5a1.5 1.5 0 0 1-1.5-1.5z" />
      ) : (
        <path d="M6.5 3.5h7l4 4v13h-11zM13.5 3.5v4h4" />
      )}
    </svg>
  )
}
