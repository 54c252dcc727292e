import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { embeddedModelFile } from '../../../../infra/wiring/model-files.ts'
import { onnxLinearClassifier } from '../../../../shared/adapters/onnx/linear-sentiment-classifier.ts'
import { startFunction } from '../../../real/function-process.ts'
import { type MadeImage, makeImage } from '../../../real/make-image.ts'
import { post } from '../../function/calls.ts'
import { makeNative } from './made-native.ts'

const TARGETS: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }
const TEXTS = ['Profit rises to EUR 5 mn from EUR 3 mn', 'The company cut its outlook', 'The board meets on Monday']
const MODEL = 'sentiment/sentiment-linear.onnx'

const runsHere = process.platform === 'linux' && process.arch in TARGETS
const title = `a native function's image, made by hand${runsHere ? '' : ' (needs Linux on x64 or arm64)'}`

describe.skipIf(!runsHere)(title, () => {
  const folder = mkdtempSync(join(tmpdir(), 'edgefund-image-'))
  const context = join(folder, 'context')
  let made: MadeImage
  let away: string | undefined
  beforeAll(async () => {
    await makeNative(context)
    const dockerfile = readFileSync(join(context, 'Dockerfile'), 'utf8')
    const out = join(folder, 'stages')
    mkdirSync(out)
    try {
      made = await makeImage({ dockerfile, context, out, args: { TARGETARCH: TARGETS[process.arch] }, env: forNpm() })
    } catch (error) {
      away = unreachable(error)
      if (away === undefined) throw error
    }
  }, 300_000)
  beforeEach((test) => test.skip(away !== undefined, `needs the npm registry: ${away}`))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is whole but for the watchdog, which comes from its own image', () => {
    expect(made.absent).toEqual(['watchdog:/fwatchdog'])
    expect(readdirSync(made.workdir).sort()).toEqual(['handler.js', 'index.js', 'models', 'node_modules'])
  })

  it('holds the machine code of this machine alone, and nothing that is only installed with it', () => {
    const modules = join(made.workdir, 'node_modules')
    expect(readdirSync(modules).sort()).toEqual(['onnxruntime-common', 'onnxruntime-node'])
    const binaries = readdirSync(modules, { recursive: true, withFileTypes: true })
      .filter(({ name }) => /\.(node|so(\.\d+)*|dylib|dll)$/.test(name))
      .map(({ parentPath }) => parentPath.slice(modules.length + 1))
    expect(new Set(binaries)).toEqual(new Set([`onnxruntime-node/bin/napi-v6/linux/${process.arch}`]))
  })

  it('answers what the sources answer, from the model beside it, where nothing can be written', async () => {
    const readOnly = ['--experimental-permission', '--allow-fs-read=*', '--allow-addons']
    const fn = await startFunction({ folder: made.workdir, env: made.env, nodeFlags: readOnly })
    try {
      const { provenance, classify } = await onnxLinearClassifier(readFileSync(embeddedModelFile(MODEL)), MODEL)
      const answer = await post(fn.url, TEXTS.join('\n'))
      expect(answer).toMatchObject({ status: 200 })
      expect(answer.json()).toEqual({
        file: join(made.workdir, 'models', MODEL),
        provenance,
        answers: await classify(TEXTS),
      })
    } finally {
      await fn.kill()
    }
  })
})

/**
 * What npm may know of the tester's machine: where programs are, and the way to the registry. Of the npm that may have started this test it
 * hears nothing, so that it cannot take this project for the one to install. What is in its cache is not asked for again.
 */
function forNpm(): Record<string, string | undefined> {
  const known =
    /^(PATH|HOME|TMPDIR|\w+_proxy|npm_config_(registry|cache|userconfig|cafile)|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+)$/i
  const own = Object.entries(process.env).filter(([name]) => known.test(name))
  return { ...Object.fromEntries(own), npm_config_prefer_offline: 'true', npm_config_fetch_retries: '0' }
}

/** Why npm could not reach its registry; undefined for any other fault. */
function unreachable(error: unknown): string | undefined {
  const { stderr = '' } = error as { stderr?: string }
  const code = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/.exec(stderr)
  return code?.[0]
}
