import { z } from 'zod'

/** The classifiers of headlines, by the name that answers carry. */
export const SENTIMENT_BACKENDS = ['onnx-linear', 'onnx-transformer', 'hailo-ollama'] as const
export type SentimentBackend = (typeof SENTIMENT_BACKENDS)[number]

/** A model that lies in the object store: `objects:models/finbert` is all that is under `models/finbert/`. */
export const STORED_MODEL = 'objects:'

/** Which classifier, and what it needs to know. */
export interface ClassifierSpec {
  readonly backend: SentimentBackend
  /**
   * `onnx-linear`: a file instead of the embedded model. `onnx-transformer`: a folder, or `objects:PREFIX`. `hailo-ollama`: the tag of a
   * model that the server has.
   */
  readonly model?: string | undefined
  /** Where `hailo-ollama` is. */
  readonly url?: string | undefined
}

export interface SentimentSettings extends ClassifierSpec {
  /** Who reads, and says so, while the backend cannot. */
  readonly fallback: 'onnx-linear' | 'none'
}

/** `sentiment` of the settings file; a bare name is a backend. */
export const sentimentSettings = z
  .preprocess(
    (said) => (typeof said === 'string' ? { backend: said } : said),
    z.strictObject({
      backend: z.enum(SENTIMENT_BACKENDS).default('onnx-linear'),
      model: z.string().min(1).optional(),
      url: z.string().min(1).optional(),
      fallback: z.enum(['onnx-linear', 'none']).default('onnx-linear'),
    }),
  )
  .superRefine((spec: SentimentSettings, context) => {
    const fault = classifierFault(spec)
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
  })
  .prefault({})

/** What a classifier lacks, or is told in vain; undefined when it is whole. */
export function classifierFault({ backend, model, url }: ClassifierSpec): string | undefined {
  if (backend === 'hailo-ollama') {
    if (url === undefined) return 'the backend hailo-ollama has no url, expected one such as http://hailo-ollama:8000'
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      return `the url of hailo-ollama is ${JSON.stringify(url)}, expected one such as http://hailo-ollama:8000`
    }
    if (model === undefined) return 'the backend hailo-ollama has no model, expected the tag of one that the server has'
    return undefined
  }
  if (url !== undefined) return `the backend ${backend} needs no url, but has ${JSON.stringify(url)}`
  if (backend === 'onnx-transformer' && model === undefined) {
    return `the backend onnx-transformer has no model, expected a folder or ${STORED_MODEL}PREFIX`
  }
  return undefined
}
