import { fileURLToPath } from 'node:url'

/**
 * Where a model of the repository's `models` folder lies, such as `sentiment/sentiment-linear.onnx`. In a bundle it is the folder `models`
 * beside it, which the build fills with what infra/packaging/native.ts names.
 */
export function embeddedModelFile(name: string): string {
  return fileURLToPath(new URL(`../../models/${name}`, import.meta.url))
}
