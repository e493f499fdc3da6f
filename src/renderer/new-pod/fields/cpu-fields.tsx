import { Radio, RadioGroup } from 'react-aria-components'
import { Choice } from '../../ui/controls/choice'
import { FieldProblems } from './fields'
import { StockBars } from './stock-bars'
import { useNewPod } from '../state/new-pod-context'
import { cpuText } from './fields-text'

/** A pod without GPUs: its kind of CPU and how many. */
export function CpuFields() {
  const { form, context, change } = useNewPod()
  const { cpuFlavorId, vcpuCount } = form
  const cpus = context.cpus ?? []
  const range = cpus.find(({ id }) => id === cpuFlavorId)?.vcpuRange ?? { min: 2, max: 32 }
  const counts = Array.from({ length: 10 }, (_, power) => 2 ** power).filter(
    (count) => count === vcpuCount || (count >= Math.max(2, range.min) && count <= range.max),
  )
  return (
    <>
      <div data-field="cpuFlavorId">
        <RadioGroup
          className="new-cpus"
          aria-label={cpuText.cpu}
          value={cpuFlavorId}
          onChange={(id) => change({ cpuFlavorId: id })}
        >
          {cpus.map(({ id, name, group, ramGbPerVcpu, pricePerVcpuUsd, stock }) => (
            <Radio key={id} className="new-cpu" value={id}>
              <span className="new-dot" />
              <span>
                <span className="new-name">{name}</span>
                <span className="new-note">
                  {[group, ramGbPerVcpu === null ? null : cpuText.ram(ramGbPerVcpu)]
                    .filter((part) => part !== null)
                    .join(' · ')}
                </span>
              </span>
              <span className="new-amount">
                {cpuText.price(pricePerVcpuUsd === null ? null : pricePerVcpuUsd * vcpuCount)}
              </span>
              <StockBars stock={stock} />
            </Radio>
          ))}
        </RadioGroup>
        <FieldProblems field="cpuFlavorId" />
      </div>
      <div data-field="vcpuCount" className="new-choice">
        <Choice
          label={cpuText.vcpus}
          options={counts.map((count) => ({ id: String(count), label: String(count) }))}
          chosen={String(vcpuCount)}
          onChoose={(count) => change({ vcpuCount: Number(count) })}
        />
        <FieldProblems field="vcpuCount" />
      </div>
    </>
  )
}
