import { useMemo, useState } from 'react'
import {
  Button as AriaButton,
  ComboBox,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
} from 'react-aria-components'
import { Icon } from '../ui/icon'
import { FieldProblems } from './fields'
import { useNewPod } from './new-pod-context'

const NONE = 'none'
/** A list of hundreds is narrowed by typing. */
const MAX_SHOWN = 100

/** The template, found by a part of its name. What it sets stands in the other fields. */
export function TemplateField() {
  const { form, context, template, change, catalog } = useNewPod()
  const [typed, setTyped] = useState<string | null>(null)
  const { templates } = context
  const { hardware } = form
  const query = (typed ?? '').trim().toLowerCase()
  const items = useMemo(
    () => [
      { id: NONE, name: 'No template', image: 'Enter an image instead' },
      ...templates
        .filter(({ isForCpu }) => isForCpu === (hardware === 'cpu') || hardware === 'cpu')
        .filter(({ name, image }) => `${name} ${image}`.toLowerCase().includes(query))
        .slice(0, MAX_SHOWN),
    ],
    [templates, hardware, query],
  )
  const choose = (id: string | null): void => {
    setTyped(null)
    const next = templates.find((one) => one.id === id)
    if (next === undefined) {
      if (id === NONE && form.templateId !== null)
        change({
          templateId: null,
          ports: '',
          storage: form.storage.kind === 'template' ? { kind: 'none' } : form.storage,
        })
      return
    }
    change({
      templateId: next.id,
      image: '',
      args: null,
      ports: null,
      containerDiskGb: '',
      ...(form.storage.kind === 'none' && next.persistent !== null && hardware === 'gpu'
        ? { storage: { kind: 'template' } as const }
        : {}),
    })
  }
  const shown = template?.name ?? (form.templateId === null ? '' : form.templateId)
  return (
    <div data-field="templateId">
      <ComboBox
        className="new-field"
        items={items}
        selectedKey={form.templateId}
        inputValue={typed ?? shown}
        onInputChange={setTyped}
        onSelectionChange={(key) => choose(key === null ? null : String(key))}
        onBlur={() => setTyped(null)}
        menuTrigger="focus"
        allowsEmptyCollection
        allowsCustomValue
      >
        <Label>Template</Label>
        <span className="new-input">
          <Input
            placeholder={catalog.view === null ? 'Loading…' : 'Choose a template, or enter an image'}
            spellCheck={false}
            maxLength={200}
          />
          <AriaButton className="new-open">
            <Icon name="chevron" size={14} />
          </AriaButton>
        </span>
        <Popover className="menu-popover" offset={4}>
          <ListBox className="menu new-templates">
            {(item: (typeof items)[number]) => (
              <ListBoxItem className="menu-item" id={item.id} textValue={item.name}>
                <span>
                  <bdi>{item.name}</bdi>
                  <span className="new-note">{item.image}</span>
                </span>
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
      <FieldProblems field="templateId" />
      {template !== null && template.variableNames.length > 0 && (
        <p className="new-hint">It sets {template.variableNames.join(', ')}.</p>
      )}
    </div>
  )
}
