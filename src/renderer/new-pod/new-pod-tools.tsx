import { Button as AriaButton, Menu, MenuTrigger, Popover } from 'react-aria-components'
import { staleCatalogText } from '../../core/creation/form/read-catalog'
import type { CloudTier } from '../../core/pods/pod-request'
import type { AccountId } from '../../core/pods/pod'
import { cloudLabels } from '../pod-model/text/cloud-text'
import { useClockText, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Choice } from '../ui/controls/choice'
import { Segments } from '../ui/controls/segments'
import { CheckItem } from '../ui/controls/menu-button'
import { Icon } from '../ui/icon'
import { FieldProblems } from './fields/fields'
import { type CloudAccount, useNewPod } from './state/new-pod-context'
import { useSourceName } from './state/use-source-name'
import { PresetMenu } from './preset-menu'
import { newPodText, pageTitle } from './new-pod-text'

interface NewPodToolsProps {
  readonly accounts: readonly CloudAccount[]
  readonly onAccount: (accountId: AccountId) => void
}

const cloudChoices = { secure: ['SECURE'], community: ['COMMUNITY'], any: ['SECURE', 'COMMUNITY'] } as const
type CloudChoice = keyof typeof cloudChoices

const cloudOptions: readonly { readonly id: CloudChoice; readonly label: string }[] = [
  { id: 'secure', label: cloudLabels.SECURE },
  { id: 'community', label: cloudLabels.COMMUNITY },
  { id: 'any', label: newPodText.any },
]

const cloudChoiceOf = (clouds: readonly CloudTier[]): CloudChoice =>
  clouds.length > 1 ? 'any' : clouds.includes('COMMUNITY') ? 'community' : 'secure'

/** Where the pod may be, which account pays for it, and presets. */
export function NewPodTools({ accounts, onAccount }: NewPodToolsProps) {
  const { snapshotStore } = useWindow()
  const { form, change, accountId, draft } = useNewPod()
  const sourceName = useSourceName(draft)
  const title = pageTitle(draft.source?.isRebuild === true ? sourceName : null)
  return (
    <div className="new-tools">
      <AriaButton className="new-crumb" onPress={() => snapshotStore.showPage('pods')}>
        {newPodText.pods}
      </AriaButton>
      <span className="cap" aria-hidden="true">
        /
      </span>
      <b aria-hidden="true">{title}</b>
      <PresetMenu />
      <div className="new-tools-end">
        {accounts.length > 1 && (
          <Choice
            label={newPodText.account}
            prefix={newPodText.account}
            options={accounts.map(({ id, name }) => ({ id, label: name }))}
            chosen={accountId}
            onChoose={onAccount}
          />
        )}
        {form.hardware === 'gpu' && (
          <div data-field="clouds">
            <Segments
              label={newPodText.cloud}
              options={cloudOptions}
              chosen={cloudChoiceOf(form.clouds)}
              onChoose={(choice) => change({ clouds: cloudChoices[choice] })}
            />
          </div>
        )}
        <DataCenters />
      </div>
      <FieldProblems field="clouds" />
      <FieldProblems field="dataCenterIds" />
    </div>
  )
}

/** Any number of data centers. */
function DataCenters() {
  const { form, context, change } = useNewPod()
  const { dataCenterIds } = form
  const all = context.dataCenters ?? []
  const text = newPodText.dataCentersShown(dataCenterIds)
  return (
    <div data-field="dataCenterIds">
      <MenuTrigger>
        <Button kind="bare" label={newPodText.chooseDataCenters(text)}>
          {text}
          <Icon name="chevron" size={14} />
        </Button>
        <Popover className="menu-popover" offset={4} placement="bottom end">
          <Menu
            className="menu"
            aria-label={newPodText.dataCenters}
            selectionMode="multiple"
            selectedKeys={dataCenterIds}
            onSelectionChange={(keys) =>
              change({
                dataCenterIds: keys === 'all' ? [] : all.filter(({ id }) => keys.has(id)).map(({ id }) => id),
              })
            }
          >
            {all.map(({ id, region }) => (
              <CheckItem key={id} id={id} text={id}>
                {id}
                {region !== null && <span className="cap"> {region}</span>}
              </CheckItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
    </div>
  )
}

/** The catalog while it is read, where it could not be read, and once it is old. */
export function CatalogMessage() {
  const { catalog } = useNewPod()
  const { view, isLoading, problem, refresh } = catalog
  const stale = useClockText((nowMs) => (view === null ? '' : (staleCatalogText(view.readAtMs, nowMs) ?? '')))
  const problems = [...(problem === null ? [] : [problem]), ...(view?.unread ?? [])]
  const text =
    problems.length > 0
      ? [...problems, stale].filter((part) => part !== '').join(' ')
      : stale !== ''
        ? stale
        : view === null && isLoading
          ? newPodText.reading
          : ''
  return (
    <div className="new-message" role="status">
      {text !== '' && (
        <p className={problems.length > 0 ? 'bad' : 'mute'}>
          {text}{' '}
          {(problems.length > 0 || stale !== '') && (
            <Button kind="bare" onPress={refresh}>
              {newPodText.readAgain}
            </Button>
          )}
        </p>
      )}
    </div>
  )
}
