import type { PodView } from '../../core/view/snapshot'
import type { PodSection } from '../state/arrange-pods'
import { sectionNote, sectionTitles } from './section-text'

interface SectionTitleProps {
  readonly section: PodSection
  /** Those of the section. */
  readonly pods: readonly PodView[]
}

/** The title of a section with its count. */
export function SectionTitle({ section, pods }: SectionTitleProps) {
  return (
    <h2 id={`section-${section.id}`}>
      {section.kind === 'cluster' ? `Cluster ${section.clusterId}` : sectionTitles[section.kind]}{' '}
      <span>{sectionNote(section, pods)}</span>
    </h2>
  )
}
