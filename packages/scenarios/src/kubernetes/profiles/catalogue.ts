/** Every flag and field that a document may set, by component and name. */
import { apiServerFlags } from './api-server-flags.ts';
import { controllerManagerFlags, schedulerFlags } from './controller-manager-flags.ts';
import { etcdFlags } from './etcd-flags.ts';
import type { Component, FlagDefinition } from './flag.ts';
import { kubeletFields } from './kubelet-fields.ts';
import { coreDnsFields, staticPodFields } from './manifests.ts';

/** Flags of every component, in reading order. */
export const flagsOf: Readonly<Record<Component, readonly FlagDefinition[]>> = {
  'kube-apiserver': apiServerFlags,
  'kube-controller-manager': controllerManagerFlags,
  'kube-scheduler': schedulerFlags,
  kubelet: kubeletFields,
  etcd: etcdFlags,
  'static-pod': staticPodFields,
  coredns: coreDnsFields,
};

/** The flag called `name` of `component`; undefined when there is none. */
export function flagNamed(component: Component, name: string): FlagDefinition | undefined {
  return flagsOf[component].find((flag) => flag.name === name);
}
