import type { RefObject } from 'react'
import { Menu, MenuItem } from 'react-aria-components'
import type { AuditExportFormat } from '../../core/audit-log/audit-export'
import { auditKinds } from '../../core/audit-log/audit-log'
import type { PodKey } from '../../core/pods/pod'
import type { ActivityFilter } from '../../shared/requests/activity-requests'
import { MAX_ACTIVITY_SEARCH } from '../../shared/requests/limits'
import { useAccountNames } from '../state/hooks/use-account-names'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Choice } from '../ui/controls/choice'
import { MenuButton } from '../ui/controls/menu-button'
import { SearchBox } from '../ui/controls/search-box'
import {
  activityToolsText,
  exportFormatLabels,
  kindFilterLabels,
  outcomeFilterLabels,
  spanLabels,
} from './activity-text'
import type { ActivityView } from './activity-view'

const ALL = 'all'
const optionsOf = <K extends string>(labels: Readonly<Record<K, string>>, ids: readonly K[]) =>
  ids.map((id) => ({ id, label: labels[id] }))
const kindOptions = optionsOf(kindFilterLabels, [ALL, ...auditKinds])
const outcomeOptions = optionsOf(outcomeFilterLabels, [ALL, 'bad', 'warning', 'good', 'plain'])
const spanOptions = optionsOf(spanLabels, [ALL, 'hour', 'day', 'week', 'month'])
const orNull = <T extends string>(id: T | typeof ALL): T | null => (id === ALL ? null : id)

interface ActivityToolsProps {
  readonly view: ActivityView
  readonly onView: (change: Partial<ActivityView>) => void
  /** What is searched for, while it is typed. */
  readonly search: string
  readonly onSearch: (text: string) => void
  readonly searchRef: RefObject<HTMLInputElement | null>
  readonly filter: ActivityFilter
  /** The pod, and its last known name where it is not listed any more; null: all. */
  readonly pod: { readonly key: PodKey; readonly name: string } | null
  /** Null: only one pod is shown. */
  readonly onPod: ((podKey: PodKey | null) => void) | null
  /** Null: nothing is filtered. */
  readonly onClear: (() => void) | null
}

/** Search, filters and export of the activity log. */
export function ActivityTools(props: ActivityToolsProps) {
  const { view, onView, search, onSearch, searchRef, filter, pod, onPod, onClear } = props
  const { ticker } = useWindow()
  return (
    <div className="tools activity-tools">
      <SearchBox
        label={activityToolsText.search}
        placeholder={activityToolsText.searchHint}
        value={search}
        onChange={onSearch}
        maxLength={MAX_ACTIVITY_SEARCH}
        inputRef={searchRef}
      />
      <Choice
        label={activityToolsText.kind}
        prefix={activityToolsText.kind}
        options={kindOptions}
        chosen={view.kind ?? ALL}
        onChoose={(id) => onView({ kind: orNull(id) })}
      />
      <Choice
        label={activityToolsText.outcome}
        prefix={activityToolsText.outcome}
        options={outcomeOptions}
        chosen={view.outcome ?? ALL}
        onChoose={(id) => onView({ outcome: orNull(id) })}
      />
      <Choice
        label={activityToolsText.time}
        prefix={activityToolsText.time}
        options={spanOptions}
        chosen={view.span ?? ALL}
        onChoose={(id) => onView({ span: orNull(id), chosenAtMs: ticker.now() })}
      />
      {onPod !== null && <PodChoice pod={pod} onPod={onPod} />}
      {onPod !== null && <AccountChoice view={view} onView={onView} />}
      <div className="end">
        {onClear !== null && (
          <Button kind="bare" icon="close" onPress={onClear}>
            {activityToolsText.clearFilters}
          </Button>
        )}
        <ExportMenu filter={filter} />
      </div>
    </div>
  )
}

function PodChoice({
  pod,
  onPod,
}: { readonly pod: ActivityToolsProps['pod'] } & Required<Pick<ActivityToolsProps, 'onPod'>>) {
  const pods = useSnapshotStore(({ snapshot }) => snapshot?.pods)
  const listed = (pods ?? []).map(({ key, name }) => ({ id: key as string, label: name }))
  const isListed = pod === null || listed.some(({ id }) => id === pod.key)
  const options = [
    { id: ALL, label: activityToolsText.all },
    ...(isListed ? [] : [{ id: pod.key as string, label: pod.name }]),
    ...listed.sort((a, b) => a.label.localeCompare(b.label)),
  ]
  return (
    <Choice
      label={activityToolsText.pod}
      prefix={activityToolsText.pod}
      options={options}
      chosen={pod?.key ?? ALL}
      onChoose={(id) => onPod?.(id === ALL ? null : (id as PodKey))}
    />
  )
}

/** Only where several accounts are shown together. */
function AccountChoice({ view, onView }: Pick<ActivityToolsProps, 'view' | 'onView'>) {
  const isTogether = useSnapshotStore(({ shownAccountId }) => shownAccountId === null)
  const names = Object.entries(useAccountNames())
  if (!isTogether || names.length === 0) return null
  return (
    <Choice
      label={activityToolsText.account}
      prefix={activityToolsText.account}
      options={[{ id: ALL, label: activityToolsText.all }, ...names.map(([id, label]) => ({ id, label }))]}
      chosen={names.some(([id]) => id === view.accountId) ? (view.accountId ?? ALL) : ALL}
      onChoose={(id) => onView({ accountId: orNull(id) })}
    />
  )
}

const exportFormats: readonly AuditExportFormat[] = ['csv', 'jsonl']

/** Saves what the filters find, with all of its older entries. */
function ExportMenu({ filter }: Pick<ActivityToolsProps, 'filter'>) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const save = async (format: AuditExportFormat): Promise<void> => {
    const path = await snapshotStore.runRequest(
      activityToolsText.couldNotExport,
      bridge.exportActivity(filter, format),
    )
    if (path !== null) snapshotStore.showToast('ok', activityToolsText.saved(path))
  }
  return (
    <MenuButton text={activityToolsText.export} placement="bottom end">
      <Menu className="menu" aria-label={activityToolsText.exportAs}>
        {exportFormats.map((format) => (
          <MenuItem key={format} className="menu-item" onAction={() => runOnce(() => save(format))}>
            {exportFormatLabels[format]}
          </MenuItem>
        ))}
      </Menu>
    </MenuButton>
  )
}
