import { readFile } from 'node:fs/promises'
import { InputError } from '../../shared/ports/errors.ts'
import type { ObjectStore } from '../../shared/ports/object-store.ts'
import type { SentimentClassifier } from '../../shared/ports/sentiment-classifier.ts'
import { type ClassifierSpec, classifierFault, STORED_MODEL } from '../../shared/runtime/sentiment-settings.ts'
import { embeddedModelFile } from './model-files.ts'

/** The objects of whoever asks; asked for only when the model lies there. */
export type ModelObjects = () => Promise<ObjectStore>

/**
 * Opens a classifier of headlines. Its libraries are loaded only then: who does not classify does not pay for the runtime.
 * @throws InputError when the description is not whole, or the model is none.
 */
export async function openClassifier(spec: ClassifierSpec, objects: ModelObjects): Promise<SentimentClassifier> {
  const fault = classifierFault(spec)
  if (fault !== undefined) throw new InputError(fault.charAt(0).toUpperCase() + fault.slice(1))
  const { model = '', url = '' } = spec
  switch (spec.backend) {
    case 'onnx-linear': {
      const file = spec.model ?? embeddedModelFile('sentiment/sentiment-linear.onnx')
      const { onnxLinearClassifier } = await import('../../shared/adapters/onnx/linear-sentiment-classifier.ts')
      return onnxLinearClassifier(await bytesOf(file), file)
    }
    case 'onnx-transformer': {
      const { onnxTransformer } = await import('../../shared/adapters/sentiment/transformer/onnx-transformer.ts')
      const folders = await import('../../shared/adapters/sentiment/transformer/model-folder.ts')
      const folder = model.startsWith(STORED_MODEL)
        ? folders.storedModelFolder(await objects(), model.slice(STORED_MODEL.length))
        : await folders.diskModelFolder(model)
      return onnxTransformer(folder)
    }
    case 'hailo-ollama': {
      const { hailoOllama } = await import('../../shared/adapters/sentiment/hailo/hailo-ollama.ts')
      return hailoOllama({ url, model })
    }
  }
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (cause) {
    throw new InputError(`The sentiment model ${file} cannot be read: ${(cause as Error).message}`, { cause })
  }
}
