import type { Plugin } from 'esbuild'

/** A bundle is moved away from the repository: the models that it reads lie in a folder beside it. */
export const carriedModels: Plugin = {
  name: 'carried-models',
  setup(build) {
    build.onLoad({ filter: /[\\/]infra[\\/]wiring[\\/]model-files\.ts$/ }, () => ({
      contents: [
        `import { join } from 'node:path'`,
        `export const embeddedModelFile = (name) => join(__dirname, 'models', name)`,
      ].join('\n'),
      loader: 'js',
    }))
  },
}
