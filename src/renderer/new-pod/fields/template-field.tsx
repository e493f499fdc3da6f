import { useState } from 'react'
import {
  Autocomplete,
  Button as AriaButton,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SearchField,
  Select,
  SelectValue,
} from 'react-aria-components'
import type { PodTemplate } from '../../../core/pods/catalog'
import { Icon } from '../../ui/icon'
import { FieldProblems } from './fields'
import { useNewPod } from '../state/new-pod-context'
import { templateText } from './fields-text'

const NONE = 'none'
/** A list of hundreds is narrowed by typing. */
const MAX_SHOWN = 100

/** The template, found by a part of its name. What it sets is shown in the other fields. */
export function TemplateField() {
  const { form, context, template, change, catalog } = useNewPod()
  const { templates } = context
  const [query, setQuery] = useState('')
  const choose = (id: string): void => {
    setQuery('')
    const next = templates.find((one) => one.id === id)
    if (next !== undefined) change({ ...templateChanges(next), ...storageChanges(next, form) })
    else if (form.templateId !== null)
      change({
        templateId: null,
        ports: '',
        ...(form.storage.kind === 'template' && { storage: { kind: 'none' } }),
      })
  }
  const words = query.trim().toLowerCase()
  const found = templates
    .filter(({ isForCpu }) => form.hardware === 'cpu' || !isForCpu)
    .filter(({ name, image }) => `${name} ${image}`.toLowerCase().includes(words))
  return (
    <div data-field="templateId" className="new-choice">
      <Select
        className="choice"
        value={form.templateId ?? NONE}
        onChange={(key) => choose(String(key))}
        placeholder={catalog.view === null ? templateText.loading : templateText.choose}
      >
        <Label>{templateText.label}</Label>
        <AriaButton className="button">
          <SelectValue>
            {template?.name ?? (form.templateId === null ? templateText.none : form.templateId)}
          </SelectValue>
          <Icon name="chevron" size={14} />
        </AriaButton>
        <Popover className="menu-popover new-templates" offset={4}>
          <Autocomplete inputValue={query} onInputChange={setQuery}>
            <SearchField className="search" aria-label={templateText.find} autoFocus>
              <Icon name="search" size={14} />
              <Input className="search-input" placeholder={templateText.findHint} maxLength={200} />
            </SearchField>
            <ListBox
              className="menu"
              renderEmptyState={() => <p className="new-none">{templateText.noneNamed}</p>}
            >
              {words === '' && (
                <ListBoxItem className="menu-item" id={NONE} textValue={templateText.none}>
                  {templateText.none}
                </ListBoxItem>
              )}
              {found.slice(0, MAX_SHOWN).map(({ id, name, image }) => (
                <ListBoxItem key={id} className="menu-item" id={id} textValue={name}>
                  <span>
                    <bdi>{name}</bdi>
                    <span className="new-note">{image}</span>
                  </span>
                </ListBoxItem>
              ))}
            </ListBox>
          </Autocomplete>
        </Popover>
      </Select>
      <FieldProblems field="templateId" />
      {template !== null && template.variableNames.length > 0 && (
        <p className="new-hint">{templateText.sets(template.variableNames)}</p>
      )}
    </div>
  )
}

/** What is not set here is as the template says. */
const templateChanges = ({ id }: PodTemplate) =>
  ({ templateId: id, image: '', args: null, ports: null, containerDiskGb: '' }) as const

/** A disk that was chosen stays. */
const storageChanges = (
  { persistent }: PodTemplate,
  { storage, hardware }: ReturnType<typeof useNewPod>['form'],
): { readonly storage?: { readonly kind: 'template' } } =>
  storage.kind === 'none' && persistent !== null && hardware === 'gpu'
    ? { storage: { kind: 'template' } }
    : {}
