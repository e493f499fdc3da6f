import type { FolderItem } from '../../core/files/files-view'

/** Hidden from screen readers, which hear the permissions. */
export function FileIcon({ item: { kind, leadsTo } }: { readonly item: FolderItem }) {
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
