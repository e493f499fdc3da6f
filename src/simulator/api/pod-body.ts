import * as v from 'valibot'

/*
 * The fields that REST v2 accepts to create and change a pod; all others are rejected. Rules that span several fields
 * are in create-pod.ts and edit-pod.ts, because they return 400 instead of 422.
 */

const text = v.string()
const named = v.pipe(text, v.minLength(1))
const cudaVersion = v.pipe(text, v.regex(/^\d+\.\d+$/, 'a version such as 12.8 is needed'))
const wholeNumber = (min: number) => v.pipe(v.number(), v.integer(), v.minValue(min))

const mounts = v.strictObject({
  persistent: v.optional(v.strictObject({ size: wholeNumber(10), path: text })),
  network: v.optional(v.pipe(v.array(v.strictObject({ volumeId: text, path: text })), v.maxLength(1))),
})

const container = {
  args: v.optional(text),
  disk: v.optional(wholeNumber(1)),
  env: v.optional(v.record(text, text)),
  image: v.optional(text),
  ports: v.optional(v.array(text)),
  registry: v.optional(v.nullable(text)),
  mounts: v.optional(mounts),
}

export const createBody = v.pipe(
  v.strictObject({
    ...container,
    name: named,
    cmd: v.optional(v.array(text)),
    entrypoint: v.optional(v.array(text)),
    cloud: v.optional(v.picklist(['SECURE', 'COMMUNITY']), 'SECURE'),
    cpu: v.optional(v.strictObject({ id: named, vcpuCount: wholeNumber(2) })),
    dataCenterIds: v.optional(v.array(text), []),
    globalNetworking: v.optional(v.boolean(), false),
    gpu: v.optional(
      v.strictObject({
        id: text,
        count: v.optional(wholeNumber(1)),
        allowedCudaVersions: v.optional(v.array(cudaVersion), []),
        minCudaVersion: v.optional(cudaVersion),
      }),
    ),
    startJupyter: v.optional(v.boolean()),
    startSsh: v.optional(v.boolean()),
    templateId: v.optional(named),
  }),
  v.check(
    ({ image, templateId }) => image !== undefined || templateId !== undefined,
    'image is required unless templateId is set',
  ),
)

export type CreateBody = v.InferOutput<typeof createBody>

export const editBody = v.strictObject({
  ...container,
  name: v.optional(named),
  locked: v.optional(v.boolean()),
  globalNetworking: v.optional(v.boolean()),
  templateId: v.optional(text),
})

export type EditBody = v.InferOutput<typeof editBody>
