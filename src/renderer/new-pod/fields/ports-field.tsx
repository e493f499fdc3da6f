import { Button } from '../../ui/button'
import { FieldProblems, InputField } from './fields'
import { useNewPod } from '../state/new-pod-context'
import { portsText } from './fields-text'

/** The ports that are published: those of the template, or of the person's own. */
export function PortsField() {
  const { form, template, change } = useNewPod()
  const { ports } = form
  if (ports === null)
    return (
      <div className="new-field" data-field="ports">
        <span className="new-label">{portsText.label}</span>
        <span className="new-pills">
          {(template?.ports ?? []).map((port) => (
            <span key={port} className="pill">
              {port}
            </span>
          ))}
          <Button
            kind="bare"
            label={portsText.changePorts}
            onPress={() => change({ ports: (template?.ports ?? []).join('\n') })}
          >
            {portsText.change}
          </Button>
        </span>
        <span className="new-hint">{portsText.fromTemplate}</span>
        <FieldProblems field="ports" />
      </div>
    )
  return (
    <InputField
      field="ports"
      label={portsText.label}
      rows={2}
      placeholder={portsText.example}
      value={ports}
      onChange={(text) => change({ ports: text })}
      hint={form.hasSsh ? portsText.sshHint : portsText.hint}
    />
  )
}
