// A native function made for the tests: it answers texts with what the embedded model says of them, and needs neither database nor bus.
import { readFile } from 'node:fs/promises'
import type { Handler } from '../../../../infra/function/handler-server.ts'
import { embeddedModelFile } from '../../../../infra/wiring/model-files.ts'
import { onnxLinearClassifier } from '../../../../shared/adapters/onnx/linear-sentiment-classifier.ts'

const read: Handler = async ({ body }, context) => {
  const file = embeddedModelFile('sentiment/sentiment-linear.onnx')
  const { classify, provenance } = await onnxLinearClassifier(await readFile(file), file)
  const texts = String(body).split('\n')
  context.succeed({ file, provenance, answers: await classify(texts) })
}

export default read
