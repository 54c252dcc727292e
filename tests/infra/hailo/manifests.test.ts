import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'

const folder = new URL('../../../infra/hailo/', import.meta.url)

function read(file: string): Record<string, unknown>[] {
  return parseAllDocuments(readFileSync(new URL(file, folder), 'utf8')).map((document) => {
    expect(document.errors).toEqual([])
    return document.toJS() as Record<string, unknown>
  })
}

const LABELS = { 'app.kubernetes.io/name': 'hailo-ollama' }

describe('the manifests of hailo-ollama', () => {
  const [kustomization] = read('kustomization.yaml') as {
    resources: string[]
    namespace: string
    images: { name: string }[]
  }[]
  const all = kustomization.resources.flatMap(read)
  const ofKind = (kind: string) => all.filter((resource) => resource.kind === kind)

  it('are all listed, without a namespace of their own', () => {
    expect(all.map(({ kind }) => kind).sort()).toEqual([
      'Deployment',
      'NetworkPolicy',
      'NetworkPolicy',
      'PersistentVolumeClaim',
      'Service',
    ])
    expect(JSON.stringify(all)).not.toContain('"namespace"')
    expect(kustomization.namespace).toBe('edgefund')
  })

  it('put one unprivileged pod on the node with the chip, and never two', () => {
    const [deployment] = ofKind('Deployment')
    expect(deployment.spec).toMatchObject({
      ...{ replicas: 1, strategy: { type: 'Recreate' }, selector: { matchLabels: LABELS } },
      template: {
        metadata: { labels: LABELS },
        spec: {
          nodeSelector: { 'hailo.ai/device': 'present' },
          containers: [
            {
              image: kustomization.images[0].name,
              resources: { limits: { 'hailo.ai/h10': 1 } },
              securityContext: { allowPrivilegeEscalation: false },
            },
          ],
        },
      },
    })
    expect(JSON.stringify(deployment)).not.toMatch(/privileged":true|hostPath|livenessProbe|readinessProbe/)
  })

  it('let functions alone in, and nothing out', () => {
    const [ingress, egress] = ofKind('NetworkPolicy')
    expect(ingress.spec).toEqual({
      podSelector: { matchLabels: LABELS },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'openfaas-fn' } } }],
          ports: [{ protocol: 'TCP', port: 8000 }],
        },
      ],
    })
    expect(egress.spec).toEqual({ podSelector: { matchLabels: LABELS }, policyTypes: ['Egress'], egress: [] })
    expect(ofKind('Service')[0].spec).toMatchObject({ type: 'ClusterIP', selector: LABELS, ports: [{ port: 8000 }] })
  })
})
