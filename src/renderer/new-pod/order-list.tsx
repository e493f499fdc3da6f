import './order-list.css'
import { useRef, useState } from 'react'
import type { FormMoney } from '../../core/creation/form/form-money'
import { usualWaitHours } from '../../core/creation/form/pod-form'
import { Button } from '../ui/button'
import { commonText } from '../ui/common-text'
import { Grip } from '../ui/grip'
import { FieldProblems, InputField, SwitchRow } from './fields/fields'
import { moveTo } from './gpu-rows'
import { useNewPod } from './state/new-pod-context'
import { orderListText, priceText } from './new-pod-text'

/** The GPU types in the order in which they are tried, and whether to wait after them. */
export function OrderList() {
  const { form, context, change, evaluated } = useNewPod()
  const { gpuTypeIds, gpuCount } = form
  const [draggedId, setDraggedId] = useState<string | null>(null)
  const list = useRef<HTMLOListElement>(null)
  const nameOf = (id: string): string =>
    form.clouds.flatMap((cloud) => context.gpus[cloud] ?? []).find((offer) => offer.id === id)?.name ?? id
  /** The row that was moved keeps the focus. */
  const move = (from: number, to: number): void => {
    change({ gpuTypeIds: moveTo(gpuTypeIds, from, to) })
    requestAnimationFrame(() => list.current?.querySelectorAll<HTMLElement>('li')[to]?.focus())
  }
  if (gpuTypeIds.length === 0)
    return (
      <div className="new-order" data-field="gpuTypeIds">
        <p className="new-hint">{orderListText.choose}</p>
        <FieldProblems field="gpuTypeIds" />
      </div>
    )
  return (
    <div className="new-order" data-field="gpuTypeIds">
      <div className="new-order-head">
        <h2>{orderListText.title}</h2>
        {gpuTypeIds.length > 1 && <span className="cap">{commonText.moveHint}</span>}
      </div>
      <ol ref={list} aria-label={orderListText.title}>
        {gpuTypeIds.map((id, index) => {
          const name = nameOf(id)
          const label = gpuCount === 1 ? name : `${gpuCount} × ${name}`
          return (
            <li
              key={id}
              tabIndex={0}
              className={id === draggedId ? 'dragged' : undefined}
              aria-label={`${index + 1}: ${label}, ${priceText(perHourUsdOf(evaluated.money, label))}`}
              draggable
              onDragStart={(event) => {
                setDraggedId(id)
                event.dataTransfer.effectAllowed = 'move'
              }}
              onDragEnd={() => setDraggedId(null)}
              onDragOver={(event) => {
                if (draggedId === null) return
                event.preventDefault()
                if (draggedId !== id)
                  change({ gpuTypeIds: moveTo(gpuTypeIds, gpuTypeIds.indexOf(draggedId), index) })
              }}
              onDrop={(event) => event.preventDefault()}
              onKeyDown={(event) => {
                const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
                if (!event.altKey || step === 0) return
                event.preventDefault()
                move(index, index + step)
              }}
            >
              <Grip />
              <b>{index + 1}</b>
              <span>{label}</span>
              <span className="new-amount">{priceText(perHourUsdOf(evaluated.money, label))}</span>
              <Button
                kind="bare"
                icon="close"
                label={orderListText.remove(name)}
                onPress={() => change({ gpuTypeIds: gpuTypeIds.filter((one) => one !== id) })}
              />
            </li>
          )
        })}
      </ol>
      <FieldProblems field="gpuTypeIds" />
      <FieldProblems field="gpuCount" />
    </div>
  )
}

/** Of the first cloud in which it is tried. */
const perHourUsdOf = ({ choices }: FormMoney, label: string): number | null =>
  choices.find((choice) => choice.label === label)?.perHourUsd ?? null

/** Trying again until something is free, with a confirmed price. */
export function WaitFields() {
  const { form, change, evaluated } = useNewPod()
  const { whenFree } = form
  const highest = Math.max(0, ...evaluated.money.choices.map(({ perHourUsd }) => perHourUsd ?? 0))
  return (
    <div className="new-wait" data-field="whenFree">
      <SwitchRow
        label={orderListText.thenWait}
        isOn={whenFree !== null}
        onChange={(isOn) =>
          change({
            whenFree: isOn
              ? {
                  maxPerHourUsd: highest === 0 ? '' : (Math.ceil(highest * 100) / 100).toFixed(2),
                  waitHours: usualWaitHours,
                }
              : null,
          })
        }
      />
      {whenFree !== null && (
        <>
          <div className="new-pair">
            <InputField
              field="whenFree"
              label={orderListText.upTo}
              unit="$/hr"
              inputMode="decimal"
              value={whenFree.maxPerHourUsd}
              onChange={(maxPerHourUsd) => change({ whenFree: { ...whenFree, maxPerHourUsd } })}
            />
            <InputField
              field="whenFree"
              isSecond
              label={orderListText.forAtMost}
              unit="h"
              inputMode="decimal"
              value={whenFree.waitHours}
              onChange={(waitHours) => change({ whenFree: { ...whenFree, waitHours } })}
            />
          </div>
          <p className="new-hint">{orderListText.needsMaxHours}</p>
        </>
      )}
    </div>
  )
}
