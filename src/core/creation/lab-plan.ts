import type { Environment, LabPodChoice } from '../pods/pod-request'
import { type CreatePlan, plannedVariables } from './create-plan'

/**
 * The plan of a pod in a lab, which names its pods itself, has no catalog and enforces its maximum hours. `suffix`
 * makes the name of the request unique. See docs/product-rules.md#122-hubify.
 */
export function labPlan(choice: LabPodChoice, environment: Environment, suffix: string): CreatePlan {
  const label = `${choice.gpuCount} × ${choice.gpuType}`
  return {
    name: `${label} (${suffix})`,
    candidates: [{ label, perHourUsd: null, pod: { kind: 'lab', ...choice } }],
    variables: plannedVariables(environment),
    rules: {},
    maxPerHourUsd: null,
    waitsForMs: null,
    mayExceedBudget: false,
  }
}
