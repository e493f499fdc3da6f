import { useShallow } from 'zustand/react/shallow'
import { isIdle } from '../../../core/view/pod-state'
import { partOf, type PodView } from '../../../core/view/snapshot'
import type { PodSection } from '../../state/arrange/arrange-pods'
import { useSnapshotStore } from '../../state/window-context'
import { AccountBadge } from '../../ui/labels/account-badge'
import { sectionNote, sectionTitle, sectionTitleId } from './section-text'

interface SectionTitleProps {
  readonly section: PodSection
  /** Those of the section. */
  readonly pods: readonly PodView[]
}

/** The title of a section with its count. */
export function SectionTitle({ section, pods }: SectionTitleProps) {
  const entry = useSnapshotStore(({ snapshot }) =>
    section.kind === 'account' && snapshot !== null
      ? partOf(snapshot, section.about ?? '')?.entry
      : undefined,
  )
  const idleCount = useSnapshotStore(({ snapshot }) => snapshot?.pods.filter(isIdle).length ?? 0)
  return (
    <>
      {entry !== undefined && <AccountBadge entry={entry} />}
      <h2 id={sectionTitleId(section)}>
        {sectionTitle(section, entry?.name ?? null)} <span>{sectionNote(section, pods, idleCount)}</span>
      </h2>
    </>
  )
}

/** The same with the pods as they are now, so that they don't render the list around it. */
export function SectionTitleOf({ section }: Pick<SectionTitleProps, 'section'>) {
  const pods = useSnapshotStore(
    useShallow(({ podsByKey }) => section.podKeys.flatMap((podKey) => podsByKey.get(podKey) ?? [])),
  )
  return <SectionTitle section={section} pods={pods} />
}
