import type { GenericSchema, InferOutput } from 'valibot'

/** What a schema accepts, as a type that nothing changes in place. */
export type ReadonlyOutput<S extends GenericSchema> = DeepReadonly<InferOutput<S>>

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T
