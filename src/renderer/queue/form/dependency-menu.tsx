import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { useQueue } from '../../state/use-queue'
import { Icon } from '../../ui/icon'
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
      <MenuTrigger>
        <AriaButton
          className="button"
          aria-label={`${fieldLabels.dependsOn}: ${text}`}
          data-problem={problem ?? undefined}
        >
          <bdi>{text}</bdi> <Icon name="chevron" size={14} />
        </AriaButton>
        <Popover className="menu-popover" placement="bottom start" offset={4}>
          <Menu
            className="menu"
            aria-label={fieldLabels.dependsOn}
            selectionMode="multiple"
            selectedKeys={chosen}
            onSelectionChange={(keys) => onChange(keys === 'all' ? chosen : [...keys].map(String))}
            renderEmptyState={() => <span className="menu-header">{NO_DEPENDENCY}</span>}
          >
            {jobs.slice(0, MAX_SHOWN).map(({ id, spec }) => (
              <MenuItem key={id} id={id} className="menu-item" textValue={spec.name}>
                {({ isSelected }) => (
                  <>
                    <bdi>{spec.name}</bdi>
                    {isSelected && <Icon name="check" size={14} />}
                  </>
                )}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
      {problem !== null && <span className="form-problem">{problem}</span>}
    </div>
  )
}
