import { expect, it } from 'vitest'
import { subsetLock } from '../../../../infra/build/native/subset-lock.ts'

const whole = {
  lockfileVersion: 3,
  packages: {
    '': { dependencies: { a: '1', z: '1' } },
    'node_modules/a': {
      version: '1.0.0',
      dependencies: { b: '^1', c: '^2' },
      optionalDependencies: { d: '1', e: '1' },
    },
    'node_modules/a/node_modules/b': { version: '1.9.0', dependencies: { c: '^2', f: '1' } },
    'node_modules/b': { version: '2.0.0' },
    'node_modules/c': { version: '2.1.0', dependencies: { a: '^1' } },
    'node_modules/e': { version: '5.0.0' },
    'node_modules/f': { version: '6.0.0' },
    'node_modules/z': { version: '9.0.0' },
  },
}

it('keeps the very packages that Node would find, nested ones before those of the root, and no others', () => {
  const { manifest, lock } = subsetLock(whole, ['a'], { name: 'part', private: true })
  expect(manifest).toEqual({ name: 'part', private: true, dependencies: { a: '1.0.0' } })
  expect(lock).toMatchObject({ name: 'part', lockfileVersion: 3, requires: true })
  const { '': root, ...packages } = lock.packages
  expect(root).toEqual({ name: 'part', dependencies: { a: '1.0.0' } })
  const kept = ['node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/c', 'node_modules/e', 'node_modules/f']
  expect(Object.keys(packages)).toEqual(kept)
  expect(packages['node_modules/a/node_modules/b']).toBe(whole.packages['node_modules/a/node_modules/b'])
})

it('refuses what the lock file has not got', () => {
  expect(() => subsetLock(whole, ['y'], { name: 'part' })).toThrow('package-lock.json has no "y", which the root needs')
  const { 'node_modules/f': _, ...without } = whole.packages
  expect(() => subsetLock({ ...whole, packages: without }, ['a'], { name: 'part' })).toThrow(
    'package-lock.json has no "f", which node_modules/a/node_modules/b needs',
  )
})
