import { Menu } from 'react-aria-components'
import { useQueue } from '../../state/hooks/use-queue'
import { CheckItem, MenuButton } from '../../ui/controls/menu-button'
import { dependencyText, fieldLabels, NO_DEPENDENCY } from './job-form-text'

/** Among so many of the latest jobs one can choose. */
const MAX_SHOWN = 100

interface DependencyMenuProps {
  /** The job that is edited, which can't depend on itself. */
  readonly jobId: string | null
  readonly chosen: readonly string[]
  readonly onChange: (ids: readonly string[]) => void
  readonly problem: string | null
}

/** The jobs that must have passed before. */
export function DependencyMenu({ jobId, chosen, onChange, problem }: DependencyMenuProps) {
  const jobs = (useQueue()?.jobs ?? []).filter(
    ({ id, state }) => id !== jobId && (chosen.includes(id) || (state !== 'failed' && state !== 'canceled')),
  )
  const [first] = jobs.filter(({ id }) => id === chosen[0])
  const text =
    chosen.length === 0
      ? NO_DEPENDENCY
      : chosen.length === 1 && first !== undefined
        ? first.spec.name
        : dependencyText(chosen.length)
  return (
    <div className="dependencies">
      <span className="form-label" aria-hidden="true">
        {fieldLabels.dependsOn}
      </span>
      <MenuButton
        text={<bdi>{text}</bdi>}
        label={`${fieldLabels.dependsOn}: ${text}`}
        problem={problem}
        placement="bottom start"
      >
        <Menu
          className="menu"
          aria-label={fieldLabels.dependsOn}
          selectionMode="multiple"
          selectedKeys={chosen}
          onSelectionChange={(keys) => onChange(keys === 'all' ? chosen : [...keys].map(String))}
          renderEmptyState={() => <span className="menu-header">{NO_DEPENDENCY}</span>}
        >
          {jobs.slice(0, MAX_SHOWN).map(({ id, spec }) => (
            <CheckItem key={id} id={id} text={spec.name} />
          ))}
        </Menu>
      </MenuButton>
      {problem !== null && <span className="form-problem">{problem}</span>}
    </div>
  )
}
