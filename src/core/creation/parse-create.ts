import * as v from 'valibot'
import { intentPhases } from '../intents/intent'
import { keepOnChoices } from '../pod-rules/pod-rules'
import { cloudTiers, isRunId, MAX_ARGUMENTS_CHARS, VARIABLE_NAME } from '../pods/pod-request'
import { labPodChoiceSchema } from '../pods/labs/lab-pod-spec'
import { CREATE_WAIT_H, type CreatePlan, MAX_CANDIDATES } from './create-plan'
import type { CreateIntent } from './create-intent'
import { HOUR_MS } from '../base/time/time'
import { MAX_TERMINAL_NAME, MAX_TERMINALS } from '../terminal/terminal'

/* Parses creates of the journal, and plans that other programs and windows send. */

const MAX_TEXT_CHARS = 4_000
const text = v.pipe(v.string(), v.maxLength(MAX_TEXT_CHARS))
const shortText = v.pipe(v.string(), v.minLength(1), v.maxLength(300))
const count = v.pipe(v.number(), v.minValue(0), v.finite())
const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000))
const usd = v.nullable(count)

const compute = v.variant('kind', [
  v.object({
    kind: v.literal('gpu'),
    typeId: shortText,
    count: wholeNumber,
    allowedCudaVersions: v.array(shortText),
    minCudaVersion: v.nullable(shortText),
  }),
  v.object({ kind: v.literal('cpu'), flavorId: shortText, vcpuCount: wholeNumber }),
])

const storage = v.variant('kind', [
  v.object({ kind: v.picklist(['none', 'template']) }),
  v.object({ kind: v.literal('persistent'), sizeGb: wholeNumber, path: shortText }),
  v.object({ kind: v.literal('network'), volumeId: shortText, path: shortText }),
])

const pod = v.variant('kind', [
  v.object({
    kind: v.literal('cloud'),
    name: shortText,
    compute,
    cloud: v.picklist(cloudTiers),
    dataCenterIds: v.pipe(v.array(shortText), v.maxLength(200)),
    image: v.nullable(text),
    templateId: v.nullable(shortText),
    args: v.nullable(v.pipe(v.string(), v.maxLength(MAX_ARGUMENTS_CHARS))),
    containerDiskGb: wholeNumber,
    storage,
    ports: v.nullable(v.pipe(v.array(shortText), v.maxLength(200))),
    registryId: v.nullable(shortText),
    startSsh: v.nullable(v.boolean()),
    startJupyter: v.nullable(v.boolean()),
    hasGlobalNetworking: v.boolean(),
  }),
  v.object({ kind: v.literal('lab'), ...labPodChoiceSchema.entries }),
])

const PUBLIC_KEY_LINE = /^ssh-ed25519 [A-Za-z0-9+/=]{40,200}( [\w.-]{1,100})?$/
const tabName = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TERMINAL_NAME))

const variableName = v.pipe(v.string(), v.regex(VARIABLE_NAME))

const rules = v.object({
  isAutoStopped: v.exactOptional(v.boolean()),
  idleAlertAfterMin: v.exactOptional(count),
  autoStopAfterMin: v.exactOptional(count),
  maxHours: v.exactOptional(v.pipe(v.number(), v.finite(), v.gtValue(0))),
  monthlyBudgetUsd: v.exactOptional(count),
  atBudget: v.exactOptional(v.literal('stop')),
  mayLoseData: v.exactOptional(v.boolean()),
  keepOn: v.exactOptional(v.picklist(keepOnChoices)),
})

export const createPlanSchema: v.GenericSchema<unknown, CreatePlan> = v.object({
  name: shortText,
  candidates: v.pipe(
    v.array(v.object({ label: shortText, perHourUsd: usd, pod })),
    v.minLength(1),
    v.maxLength(MAX_CANDIDATES),
  ),
  variables: v.pipe(
    v.array(v.object({ name: variableName, secretName: v.nullable(shortText) })),
    v.maxLength(100),
  ),
  rules,
  maxPerHourUsd: usd,
  waitsForMs: v.nullable(v.pipe(count, v.maxValue(CREATE_WAIT_H.max * HOUR_MS))),
  mayExceedBudget: v.boolean(),
  replacesPodId: v.exactOptional(shortText),
  terminalTabs: v.exactOptional(v.pipe(v.array(v.nullable(tabName)), v.maxLength(MAX_TERMINALS))),
  ownKey: v.exactOptional(
    v.object({ runId: v.custom<string>(isRunId), publicKey: v.pipe(v.string(), v.regex(PUBLIC_KEY_LINE)) }),
  ),
  jobRequestId: v.exactOptional(shortText),
  presetName: v.exactOptional(shortText),
  tokenName: v.exactOptional(shortText),
  draftId: v.exactOptional(shortText),
})

/** Values of variables on their way to the program that sends them. */
export const environmentSchema = v.record(variableName, v.pipe(v.string(), v.maxLength(32_000)))

const instant = v.object({ wallMs: v.number(), monotonicMs: v.number(), runId: v.string() })
const podId = v.nullable(shortText)

const createSchema = v.object({
  id: shortText,
  accountId: shortText,
  runId: v.custom<string>(isRunId),
  isFromCommandLine: v.boolean(),
  plan: createPlanSchema,
  phase: v.picklist(intentPhases),
  requestedAt: instant,
  phaseAt: instant,
  waitMs: count,
  sentAt: v.nullable(instant),
  candidateIndex: v.pipe(count, v.integer()),
  tries: v.array(
    v.object({
      label: shortText,
      atMs: v.number(),
      outcome: v.picklist(['no-capacity', 'not-allowed', 'too-expensive']),
    }),
  ),
  rounds: count,
  rateLimitedTries: count,
  isUnclear: v.boolean(),
  isCalledOff: v.boolean(),
  lacksCapacity: v.boolean(),
  refusal: v.nullable(v.picklist(['forbidden', 'other'])),
  podId,
  isInferred: v.boolean(),
  extraPodId: podId,
  areRulesSet: v.boolean(),
  areTabsMoved: v.boolean(),
  earlierPodIds: v.nullable(v.array(shortText)),
  message: v.nullable(v.string()),
})

/** Parses a create read from a journal; null when it is invalid. */
export function parseCreate(value: unknown): CreateIntent | null {
  const parsed = v.safeParse(createSchema, value)
  return parsed.success ? parsed.output : null
}
