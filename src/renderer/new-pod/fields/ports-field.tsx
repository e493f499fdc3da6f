import { Button } from '../../ui/button'
import { FieldProblems, InputField } from './fields'
import { useNewPod } from '../state/new-pod-context'

/** The ports that are published: those of the template, or of the person's own. */
export function PortsField() {
  const { form, template, change } = useNewPod()
  const { ports } = form
  if (ports === null)
    return (
      <div className="new-field" data-field="ports">
        <span className="new-label">Ports</span>
        <span className="new-pills">
          {(template?.ports ?? []).map((port) => (
            <span key={port} className="pill">
              {port}
            </span>
          ))}
          <Button
            kind="bare"
            label="Change ports"
            onPress={() => change({ ports: (template?.ports ?? []).join('\n') })}
          >
            Change
          </Button>
        </span>
        <span className="new-hint">From the template</span>
        <FieldProblems field="ports" />
      </div>
    )
  return (
    <InputField
      field="ports"
      label="Ports"
      rows={2}
      placeholder="8888/http"
      value={ports}
      onChange={(text) => change({ ports: text })}
      hint={form.hasSsh ? 'One per line. SSH adds 22/tcp.' : 'One per line, such as 8888/http.'}
    />
  )
}
